"""Tables turned into maps, charts and sentences: no Streamlit and no analysis."""
