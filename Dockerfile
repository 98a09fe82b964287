# The service with its models and the sample articles; nothing is fetched when it runs.
#   docker build -t qa-bot .
#   docker run -p 7860:7860 -v qa-bot-index:/data -e QA_BOT_PASSWORD=… qa-bot
FROM python:3.11-slim

RUN useradd --create-home --uid 1000 qa-bot && mkdir /data && chown qa-bot /data
WORKDIR /home/qa-bot/app
COPY pyproject.toml constraints.txt README.md ./
COPY qa_bot qa_bot
COPY index index
COPY prompts prompts
COPY eval eval
# The CPU build of the pinned torch: without it the package index serves one with GPU libraries.
ARG TORCH_OPTIONS=""
# "[large,cluster]" for PostgreSQL and Milvus (see compose.yaml); "" for the small models.
ARG EXTRAS="[large]"
RUN pip install --no-cache-dir ${TORCH_OPTIONS} -c constraints.txt torch \
 && pip install --no-cache-dir -c constraints.txt ".${EXTRAS}"

USER qa-bot
ENV QA_BOT_INDEX=/data/index QA_BOT_LOGS=json
EXPOSE 7860
HEALTHCHECK --start-period=60s CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:7860/healthz')"]
CMD ["qa-bot", "chat", "--samples", "--host", "0.0.0.0"]
