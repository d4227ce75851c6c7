"""What sets the project up: virtual environment, web bundle, a browser for the tests."""
