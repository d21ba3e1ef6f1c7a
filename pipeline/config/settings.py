"""Settings from the environment: every field is a variable, `store_url` is `WIREWATCH_STORE_URL`.

A secret can also lie in a file, as container platforms hand it over: `WIREWATCH_SMTP_URL_FILE=/run/secrets/smtp`.
An empty variable counts as not set. The environment is an argument, so that nothing here depends on where it runs;
pydantic-settings, which reads the process's own, would have to be talked out of it, hence plain pydantic.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

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
from pipeline.config.models import Duration, Language
from pipeline.config.wording import did_you_mean
from pipeline.errors import ConfigError

_PREFIX = "WIREWATCH_"
_SECRETS = frozenset({"store_url", "elasticsearch_api_key", "elasticsearch_password", "smtp_url", "fetch_proxy"})
_SCHEMES = {
    "store_url": "`sqlite:////folder/wirewatch.db` or `postgresql://user:password@host/database`",
    "smtp_url": "`smtp://user:password@host:587` (STARTTLS) or `smtps://user:password@host`",
}


def _words(value: object) -> object:
    return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _web(value: str) -> str:
    if _parts(value)[0] not in {"http", "https"}:
        raise ValueError("write an address such as `https://search.example.org:9200`")
    if "@" in urlsplit(value).netloc:
        raise ValueError("leave user and password out of the address; there are settings for them")
    return value.rstrip("/")


def _store(value: SecretStr) -> SecretStr:
    scheme, host = _parts(value.get_secret_value())
    server = scheme.split("+")[0] in {"postgresql", "postgres"} and host
    if not server and not value.get_secret_value().startswith("sqlite:///"):
        raise ValueError(f"write {_SCHEMES['store_url']}")
    return value


def _smtp(value: SecretStr) -> SecretStr:
    scheme, host = _parts(value.get_secret_value())
    if scheme not in {"smtp", "smtps"} or not host:
        raise ValueError(f"write {_SCHEMES['smtp_url']}; `%40` stands for an `@` in the password")
    return value


def _proxy(value: SecretStr) -> SecretStr:
    scheme, host = _parts(value.get_secret_value())
    if scheme != "http" or not host or urlsplit(value.get_secret_value()).path not in {"", "/"}:
        raise ValueError("write `http://host:3128` or `http://user:password@host:3128`; `%40` stands for an `@`")
    return value


def _sender(value: str) -> str:
    if not value.isprintable() or "@" not in parseaddr(value)[1].strip("@"):
        raise ValueError("write an address such as `Wirewatch <alerts@example.org>`")
    return value


def _contact(value: str) -> str:
    if not (value.isascii() and value.isprintable()) or set(value) & set("()\\ ") or not ("@" in value or ":" in value):
        raise ValueError("write a mail address or the address of a page, such as `newsdesk@example.org`")
    return value


def _parts(value: str) -> tuple[str, str | None]:
    try:
        parts = urlsplit(value)
        usable = parts.port != 0
    except ValueError:
        usable = False
    return (parts.scheme, parts.hostname) if usable else ("", None)


Web = Annotated[str, AfterValidator(_web)]
Size = Annotated[ByteSize, Field(gt=0, le=2**31)]
Count = Annotated[int, Field(gt=0, le=1_000_000)]


class Settings(BaseModel):
    """How Wirewatch is set up on this machine. Times are `timedelta`, sizes are bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    data: Path = Field(Path("data"), description="folder for the store, the embedded index and the outbox")
    config: Path = Field(Path("config"), description="folder with the four YAML files")
    store_url: Annotated[SecretStr, AfterValidator(_store)] | None = Field(
        None, description="PostgreSQL or SQLite as a URL; default: SQLite in the data folder"
    )
    elasticsearch_url: Web | None = Field(None, description="default: the embedded index")
    elasticsearch_api_key: SecretStr | None = Field(None, description="either this or user and password")
    elasticsearch_user: str | None = None
    elasticsearch_password: SecretStr | None = None
    elasticsearch_ca: Path | None = Field(None, description="certificate of the authority that signed the cluster's")
    kibana_url: Web | None = Field(None, description="for links in alerts and for `wirewatch kibana setup`")
    smtp_url: Annotated[SecretStr, AfterValidator(_smtp)] | None = Field(
        None, description="default: alerts are written to the outbox in the data folder"
    )
    mail_from: Annotated[str, AfterValidator(_sender)] = "Wirewatch <alerts@wirewatch.invalid>"
    contact: Annotated[str, AfterValidator(_contact)] | None = Field(
        None, description="mail address or page that tells the operators of polled sites who asks; set it"
    )
    languages: Annotated[tuple[Language, ...], BeforeValidator(_words), Field(min_length=1)] = Field(
        ("de", "en", "fr", "es", "it", "nl", "pl", "pt", "ru", "uk", "zh", "ja", "ar", "tr", "cs", "sv"),
        description="the languages that an article can be recognised as",
    )
    dedup_window: Duration = Field(timedelta(days=7), description="how far back copies are looked for")
    story_window: Duration = Field(timedelta(days=3), description="how long a story stays open for another article")
    lease: Duration = Field(
        timedelta(minutes=5), description="after this, work claimed by a silent worker is free again"
    )
    fetch_timeout: Duration = Field(timedelta(seconds=30), description="for a whole answer, redirects included")
    fetch_max_bytes: Size = Field(ByteSize(10_000_000), description="of an answer as it comes over the wire")
    fetch_max_decompressed: Size = Field(ByteSize(50_000_000), description="of an answer unpacked")
    fetch_max_redirects: Annotated[int, Field(ge=0, le=20)] = 5
    feed_max_entries: Count = Field(2000, description="entries taken from one feed at a time, the newest first")
    fetch_workers: Annotated[int, Field(ge=1, le=256)] = Field(16, description="requests in flight altogether")
    fetch_proxy: Annotated[SecretStr, AfterValidator(_proxy)] | None = Field(
        None,
        description="HTTP proxy that carries all requests but those of feeds marked `local`; it resolves the names, "
        "so that it must keep requests out of your network itself. `HTTP_PROXY` and the like play no part",
    )
    per_host: Annotated[int, Field(ge=1, le=8)] = Field(2, description="requests in flight to one host")
    alert_max_age: Duration = Field(timedelta(days=2), description="older news raise no alert")
    alert_max_attempts: Count = Field(
        8, description="how often a mail is tried that the server refuses for now; 8 times take a day and a half"
    )
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)] = "info"

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
    variables = {_PREFIX + field.upper(): field for field in fields}
    files = {f"{variable}_FILE": field for variable, field in variables.items() if field in _SECRETS}
    for variable, value in environment.items():
        if not variable.startswith(_PREFIX) or not value.strip():
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
    names = [name.removeprefix(_PREFIX) for name in known]
    near = did_you_mean(variable.removeprefix(_PREFIX), names, "`docs/settings.md` lists all")
    return near.replace("did you mean `", f"did you mean `{_PREFIX}")


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
    if key and user:
        problems.append("`WIREWATCH_ELASTICSEARCH_API_KEY`: remove it, or remove user and password; one is enough")
    if settings.fetch_max_decompressed < settings.fetch_max_bytes:
        problems.append("`WIREWATCH_FETCH_MAX_DECOMPRESSED`: write at least `WIREWATCH_FETCH_MAX_BYTES`")
    return problems


def _origin(detail: ErrorDetails, origins: Mapping[str, str]) -> str:
    field = str(detail["loc"][0])
    return origins.get(field, _PREFIX + field.upper())


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
