"""What the documents demand: standards, rules, citations, scoring sheets. Knows checks, not how they are run."""
