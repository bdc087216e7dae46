"""The description of the API: operations declared once, of which the OpenAPI document and its pages are made."""
