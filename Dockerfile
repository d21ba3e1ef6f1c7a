# The pipeline alone, without Airflow: `docker build -t wirewatch:local .`
FROM python:3.11-slim-bookworm AS build
WORKDIR /build
RUN python -m venv /opt/wirewatch
ENV PATH=/opt/wirewatch/bin:$PATH PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements/ requirements/
RUN pip install --quiet --require-hashes -r requirements/postgres.txt -r requirements/setup.txt
COPY pyproject.toml README.md LICENSE ./
COPY pipeline/ pipeline/
RUN pip install --quiet --no-deps --no-build-isolation .

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --create-home --home-dir /wirewatch wirewatch && install -d -o wirewatch /wirewatch/data
COPY --from=build /opt/wirewatch /opt/wirewatch
COPY --chown=wirewatch config/ /wirewatch/config/
ENV PATH=/opt/wirewatch/bin:$PATH PYTHONUNBUFFERED=1
USER wirewatch
WORKDIR /wirewatch
ENTRYPOINT ["wirewatch"]
CMD ["run", "--watch"]
