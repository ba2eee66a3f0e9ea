"""Whose a table is and who may use it, kept while it is dropped and made anew."""

from __future__ import annotations

from typing import Final

from community_mediation_postgres.session import Session

_OWNER: Final = """
SELECT format('ALTER TABLE %%s OWNER TO %%I', %s::text, pg_get_userbyid(relowner))
FROM pg_class WHERE oid = to_regclass(%s) AND relowner <> (SELECT oid FROM pg_roles WHERE rolname = current_user)
"""
_GRANTS: Final = """
SELECT format(
    'GRANT %%s ON %%s TO %%s%%s', privilege_type, %s::text,
    CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END,
    CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
)
FROM pg_class, aclexplode(relacl) WHERE pg_class.oid = to_regclass(%s) AND grantee <> relowner
"""
_GIVEN: Final = """
SELECT DISTINCT format(
    'REVOKE ALL ON %%s FROM %%s', %s::text,
    CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END
)
FROM pg_class, aclexplode(relacl) WHERE pg_class.oid = to_regclass(%s) AND grantee <> relowner
"""


class Rights:
    """The owner of a table or view, and what others were granted on it.

    Rights on single columns are not among them: the columns may be others now.
    """

    def __init__(self, session: Session, name: str) -> None:
        """Read them.

        Args:
            session: In the transaction that is to make the table anew.
            name: The table or view, quoted as in SQL; it may be absent.
        """
        self._session = session
        self._name = name
        self._known = bool(session.value("SELECT to_regclass(%s) IS NOT NULL", (name,)))
        self._statements = [*self._made(_GRANTS), *self._made(_OWNER)]

    def restore(self) -> None:
        """Give them again, and nothing besides: what default privileges gave is taken back.

        One that was absent keeps what default privileges gave it.
        """
        if self._known:
            for statement in [*self._made(_GIVEN), *self._statements]:
                self._session.rows(statement)

    def _made(self, sql: str) -> list[str]:
        return [statement for (statement,) in self._session.rows(sql, (self._name, self._name))]
