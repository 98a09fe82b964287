"""The chat page: Gradio mounted in our own FastAPI application, behind a guard."""
