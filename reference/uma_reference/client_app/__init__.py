"""The reference client as a web application, for requesting parties with a browser."""

from uma_reference.client_app.app import create_app
from uma_reference.client_app.config import Config

__all__ = ["Config", "create_app"]
