"""The pages and the shell they share: the only code that imports streamlit."""
