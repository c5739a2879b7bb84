"""Questions about the service and their answers, edited in data/faq."""
