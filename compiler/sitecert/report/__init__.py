"""Problems, plans and the rest as text for people and for programs; everything here returns strings."""
