"""Stories: chapters of text, a view and live figures, told on the screen, in one file and on paper."""
