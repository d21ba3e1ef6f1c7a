"""Settings from the environment: every field is a variable, `store_url` is `WIREWATCH_STORE_URL`.

A secret can also lie in a file, as container platforms hand it over: `WIREWATCH_SMTP_URL_FILE=/run/secrets/smtp`.
An empty variable counts as not set. The environment is an argument, so that nothing here depends on where it runs;
pydantic-settings, which reads the process's own, would have to be talked out of it, hence plain pydantic.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ByteSize,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
)
from pydantic_core import ErrorDetails

from pipeline import __version__
from pipeline.config import addresses
from pipeline.config.models import Address, Duration, Language
from pipeline.config.wording import did_you_mean
from pipeline.errors import ConfigError

PREFIX = "WIREWATCH_"
_NO_SETTINGS = frozenset({"WIREWATCH_CORPORA"})  # names the public corpora for `make quality`
SECRETS = frozenset({"store_url", "elasticsearch_api_key", "elasticsearch_password", "smtp_url", "fetch_proxy"})


def _words(value: object) -> object:
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _index_name(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,100}", value):
        raise ValueError("write lower-case letters, digits, `.`, `-` and `_`")
    return value


def _model_choice(value: str) -> str:
    if not re.fullmatch(r"(?:\*|[a-z]{2,3})=[A-Za-z][A-Za-z0-9_]{0,99}", value):
        raise ValueError("write a language, `=` and the name of a spaCy package, such as `de=de_core_news_lg`")
    return value


ModelChoice = Annotated[str, AfterValidator(_model_choice)]
Web = Annotated[str, AfterValidator(addresses.web)]
Size = Annotated[ByteSize, Field(gt=0, le=2**31)]
Count = Annotated[int, Field(gt=0, le=1_000_000)]


class Settings(BaseModel):
    """How Wirewatch is set up on this machine. Times are `timedelta`, sizes are bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    data: Path = Field(
        Path("data"), description="folder for store, embedded index and outbox", examples=["/var/lib/wirewatch"]
    )
    config: Path = Field(Path("config"), description="folder with the four YAML files", examples=["/etc/wirewatch"])
    store_url: Annotated[SecretStr, AfterValidator(addresses.store)] | None = Field(
        None,
        description="the store, PostgreSQL or SQLite, as a URL; not set: SQLite in the data folder",
        examples=["postgresql://wirewatch:secret@db.example.org/wirewatch"],
    )
    elasticsearch_url: Annotated[tuple[Web, ...], BeforeValidator(_words)] = Field(
        (),
        description="the Elasticsearch cluster that holds the index, one address or several; not set: the embedded index in the data folder",
        examples=["https://search.example.org:9200", "https://one.example.org:9200, https://two.example.org:9200"],
    )
    elasticsearch_cloud_id: str | None = Field(
        None, description="a hosted Elasticsearch cluster, instead of its address", examples=["news:ZXUtY2VudHJhbC0x…"]
    )
    elasticsearch_api_key: SecretStr | None = Field(
        None, description="API key for the cluster; either this or user and password", examples=["VnVhQ2ZHY0JDZGJrU…"]
    )
    elasticsearch_user: str | None = Field(
        None, description="user of the cluster; goes together with the password", examples=["wirewatch"]
    )
    elasticsearch_password: SecretStr | None = Field(None, description="password of that user", examples=["secret"])
    elasticsearch_ca: Path | None = Field(
        None,
        description="file with the certificate of the authority that signed the cluster's; not set: the usual ones",
        examples=["/etc/ssl/search-ca.pem"],
    )
    elasticsearch_index: Annotated[str, AfterValidator(_index_name)] = Field(
        "wirewatch-articles",
        description="the name under which Kibana and others find the articles; all indices of articles begin with it",
        examples=["newsroom-articles"],
    )
    index_retention: Duration | None = Field(
        None,
        description="months of the search index that are older are deleted, while the store keeps them; not set: never",
        examples=["400d"],
    )
    store_retention: Duration | None = Field(
        None,
        description="articles first seen longer ago than this are deleted by `wirewatch housekeeping`, from the store and the "
        "index; what was sent stays known. Not set: the store keeps everything",
        examples=["730d"],
    )
    journal_retention: Duration = Field(
        timedelta(days=90),
        description="what was noted of polls and alerts for dashboards and is older is forgotten, in the store and on Elasticsearch",
        examples=["400d"],
    )
    kibana_url: Web | None = Field(
        None, description="Kibana, for `wirewatch kibana` and links in alerts", examples=["https://kibana.example.org"]
    )
    kibana_space: Annotated[str, Field(pattern=r"^[a-z0-9_-]+$")] = Field(
        "default",
        description="the space that `wirewatch kibana setup` fills; made if there is none",
        examples=["newsroom"],
    )
    smtp_url: Annotated[SecretStr, AfterValidator(addresses.smtp)] | None = Field(
        None,
        description="the mail server that alerts go to; not set: alerts are written to `outbox/` in the data folder",
        examples=["smtp://user:password@mail.example.org:587", "smtps://user:password@mail.example.org"],
    )
    mail_from: Annotated[str, AfterValidator(addresses.sender)] = Field(
        "Wirewatch <alerts@wirewatch.invalid>",
        description="sender of the alerts; set it where mail is sent, or servers refuse it",
        examples=["Newsdesk <alerts@example.org>"],
    )
    operators: Annotated[tuple[Address, ...], BeforeValidator(_words)] = Field(
        (),
        description="mail addresses of those who run Wirewatch: they are told when something fails; not set: only the log and `wirewatch problems` tell",
        examples=["ops@example.org", "ops@example.org, night-desk@example.org"],
    )
    silence_after: Duration = Field(
        timedelta(hours=6),
        description="how long all feeds together may bring nothing new before the operators are told, once",
        examples=["2h"],
    )
    contact: Annotated[str, AfterValidator(addresses.contact)] | None = Field(
        None,
        description="mail address or page that tells the operators of polled sites who asks; set it",
        examples=["newsdesk@example.org"],
    )
    languages: Annotated[tuple[Language, ...], BeforeValidator(_words), Field(min_length=1)] = Field(
        ("de", "en", "fr", "es", "it", "nl", "pl", "pt", "ru", "uk", "zh", "ja", "ar", "tr", "cs", "sv"),
        description="the languages that an article can be recognised as; fewer make the guess on short texts surer",
        examples=["de,en,fr"],
    )
    nlp_models: Annotated[tuple[ModelChoice, ...], BeforeValidator(_words)] = Field(
        (),
        description="spaCy packages that find names, by language; they take the place of Wirewatch's own model, which reads "
        "all languages. `*=none`: no model, the catalogue alone",
        examples=["de=de_core_news_lg,en=en_core_web_trf", "*=none"],
    )
    nlp_threads: Annotated[int, Field(ge=0, le=256)] = Field(
        0, description="cores that Wirewatch's own model may use at once; 0: all", examples=["2"]
    )
    dedup_window: Duration = Field(
        timedelta(days=7), description="how far back copies are looked for", examples=["14d"]
    )
    story_window: Duration = Field(
        timedelta(days=3), description="how long a story stays open for another article", examples=["5d"]
    )
    lease: Duration = Field(
        timedelta(minutes=5), description="after this, work of a silent worker is free again", examples=["10min"]
    )
    fetch_timeout: Duration = Field(
        timedelta(seconds=30), description="time for a whole answer, redirects included", examples=["45s"]
    )
    fetch_max_bytes: Size = Field(
        ByteSize(10_000_000), description="size of an answer as it comes over the wire", examples=["20MB"]
    )
    fetch_max_decompressed: Size = Field(
        ByteSize(50_000_000), description="size of an answer unpacked; not below the one above", examples=["100MB"]
    )
    fetch_max_redirects: Annotated[int, Field(ge=0, le=20)] = Field(
        5, description="redirects that are followed for one answer", examples=["3"]
    )
    feed_max_entries: Count = Field(
        2000, description="entries taken from one feed at a time, the newest first", examples=["500"]
    )
    fetch_workers: Annotated[int, Field(ge=1, le=256)] = Field(
        16, description="requests in flight altogether", examples=["32"]
    )
    fetch_proxy: Annotated[SecretStr, AfterValidator(addresses.proxy)] | None = Field(
        None,
        description="HTTP proxy that carries all requests but those of feeds marked `local`; it resolves the names, "
        "so that it must keep requests out of your network itself. `HTTP_PROXY` and the like play no part",
        examples=["http://user:password@proxy.example.org:3128"],
    )
    per_host: Annotated[int, Field(ge=1, le=8)] = Field(2, description="requests in flight to one host", examples=["1"])
    alert_max_age: Duration = Field(timedelta(days=2), description="older news raise no alert", examples=["12h"])
    alert_max_attempts: Count = Field(
        8,
        description="how often a mail is tried that the server refuses for now; 8 times take a day and a half",
        examples=["12"],
    )
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = Field(
        "info",
        description="how much is logged to standard error; `debug` also shows where an unforeseen error lies",
        examples=["debug"],
    )

    @classmethod
    def load(cls, environment: Mapping[str, str]) -> Self:
        """Return the settings in `environment`; raise one `ConfigError` that names every wrong variable."""
        values, origins, problems = _gather(environment, tuple(cls.model_fields))
        try:
            settings = cls.model_validate(values)
        except ValidationError as error:
            details = error.errors(include_url=False)
            found = {f"`{_origin(detail, origins)}`: {_wrong(detail)}": None for detail in details}
            raise _refused([*problems, *found]) from None
        if problems := problems + _contradictions(settings):
            raise _refused(problems)
        return settings

    @property
    def store(self) -> str:
        """The store's URL for SQLAlchemy, password included; SQLite in the data folder if none is set."""
        if self.store_url is None:
            return f"sqlite:///{self.data / 'wirewatch.db'}"
        scheme, rest = self.store_url.get_secret_value().split("://", 1)
        return f"{'postgresql+psycopg' if scheme in {'postgres', 'postgresql'} else scheme}://{rest}"

    @property
    def name_models(self) -> Mapping[str, str]:
        """The spaCy package that finds names, by language; `*` is for all others, `none` for no package."""
        return {"*": "xx_wirewatch_news"} | dict(choice.split("=", 1) for choice in self.nlp_models)

    @property
    def has_elasticsearch(self) -> bool:
        """Whether articles are searched in Elasticsearch rather than in the embedded index."""
        return bool(self.elasticsearch_url or self.elasticsearch_cloud_id)

    @property
    def outbox(self) -> Path:
        """Where alerts are written as `.eml` files if no SMTP URL is set."""
        return self.data / "outbox"

    @property
    def user_agent(self) -> str:
        """How Wirewatch introduces itself to the sites it polls."""
        return f"Wirewatch/{__version__} ({f'+{self.contact}' if self.contact else 'no contact set'})"


def _gather(
    environment: Mapping[str, str], fields: tuple[str, ...]
) -> tuple[dict[str, Any], dict[str, str], list[str]]:
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    problems: list[str] = []
    variables = {PREFIX + field.upper(): field for field in fields}
    files = {f"{variable}_FILE": field for variable, field in variables.items() if field in SECRETS}
    for variable, value in environment.items():
        if not variable.startswith(PREFIX) or variable in _NO_SETTINGS or not value.strip():
            continue
        if variable not in variables and variable not in files:
            problems.append(f"`{variable}`: unknown setting; {_nearest(variable, [*variables, *files])}")
        elif (field := variables.get(variable) or files[variable]) in values:
            problems.append(f"`{variable}`: `{origins[field]}` is set as well; keep one of them")
        else:
            values[field], origins[field] = value.strip(), variable
            if variable in files:
                values[field], origins[field] = _secret(Path(value), variable, problems), f"{variable}={value}"
    return values, origins, problems


def _nearest(variable: str, known: Sequence[str]) -> str:
    names = [name.removeprefix(PREFIX) for name in known]
    near = did_you_mean(variable.removeprefix(PREFIX), names, "`docs/settings.md` lists all")
    return near.replace("did you mean `", f"did you mean `{PREFIX}")


def _secret(path: Path, variable: str, problems: list[str]) -> str | None:
    try:
        if secret := path.read_text(encoding="utf-8").strip():
            return secret
        problems.append(f"`{variable}`: `{path}` is empty; write the secret into it")
    except UnicodeDecodeError:
        problems.append(f"`{variable}`: `{path}` is not UTF-8; save it as such")
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        problems.append(f"`{variable}`: cannot read `{path}`: {reason.lower()}")
    return None


def _contradictions(settings: Settings) -> list[str]:
    user, password, key = settings.elasticsearch_user, settings.elasticsearch_password, settings.elasticsearch_api_key
    problems = []
    if (user is None) != (password is None):
        missing = "PASSWORD" if password is None else "USER"
        problems.append(f"`WIREWATCH_ELASTICSEARCH_{missing}`: is missing; user and password go together")
    if settings.elasticsearch_url and settings.elasticsearch_cloud_id:
        problems.append("`WIREWATCH_ELASTICSEARCH_CLOUD_ID`: remove it, or remove the address; one is enough")
    if key and user:
        problems.append("`WIREWATCH_ELASTICSEARCH_API_KEY`: remove it, or remove user and password; one is enough")
    if settings.fetch_max_decompressed < settings.fetch_max_bytes:
        problems.append("`WIREWATCH_FETCH_MAX_DECOMPRESSED`: write at least `WIREWATCH_FETCH_MAX_BYTES`")
    return problems


def _origin(detail: ErrorDetails, origins: Mapping[str, str]) -> str:
    field = str(detail["loc"][0])
    return origins.get(field, PREFIX + field.upper())


def _wrong(detail: ErrorDetails) -> str:
    kind = detail["type"]
    if kind == "value_error":
        return detail["msg"].removeprefix("Value error, ")
    if kind.startswith("byte_size"):
        return "write a size such as `500kB` or `10MB`"
    if kind.startswith("int"):
        return "write a whole number"
    if kind == "too_short":
        return "write at least one, such as `de,en`"
    if kind == "literal_error":
        return f"write {detail['ctx']['expected']}".replace("'", "`")
    return detail["msg"].replace("Input should be", "write a number")


def _refused(problems: list[str]) -> ConfigError:
    hint = "settings come from environment variables; `docs/settings.md` lists all of them"
    return ConfigError("\n".join(problems), hint=hint, subject=problems[0].split("`")[1])
