"""Describes the objects of category_encoders to libskops; there is no code here."""
