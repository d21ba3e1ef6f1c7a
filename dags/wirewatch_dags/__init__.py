"""What Wirewatch's DAGs share. No DAG lies here: `.airflowignore` keeps Airflow from looking."""
