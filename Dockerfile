# Airflow and the pipeline in one image: `docker build -t wirewatch:local .`
#
# Airflow's own image gives the ground: its user, its folders, its entrypoint. What runs lies in an environment of its own,
# installed from our lock: Airflow in the very versions that the tests run it in, side by side with the pipeline, which its tasks
# import. Airflow's constraints file would install other versions than those tested.
ARG AIRFLOW=slim-3.3.2-python3.11

FROM apache/airflow:${AIRFLOW} AS build
USER root
RUN install -d -o airflow -g 0 /opt/wirewatch
USER airflow
ENV PIP_USER=false PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/wirewatch
WORKDIR /tmp/build
COPY --chown=airflow requirements/ requirements/
RUN /opt/wirewatch/bin/python -m pip install --quiet --require-hashes -r requirements/image.txt -r requirements/setup.txt
COPY --chown=airflow pyproject.toml README.md LICENSE ./
COPY --chown=airflow pipeline/ pipeline/
COPY --chown=airflow models/ models/
RUN /opt/wirewatch/bin/python -m pip install --quiet --no-deps --no-build-isolation . ./models/xx_wirewatch_news

FROM apache/airflow:${AIRFLOW}
USER root
RUN install -d -o airflow -g 0 -m 775 /wirewatch/data
COPY --from=build /opt/wirewatch /opt/wirewatch
COPY config/ /wirewatch/config/
COPY dags/ /opt/airflow/dags/
COPY deploy/airflow/ /opt/airflow/deploy/
ENV PATH=/opt/wirewatch/bin:$PATH PYTHONUNBUFFERED=1 AIRFLOW__CORE__LOAD_EXAMPLES=False \
    WIREWATCH_DATA=/wirewatch/data WIREWATCH_CONFIG=/wirewatch/config
USER airflow
