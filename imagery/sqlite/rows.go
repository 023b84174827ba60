package sqlite

import (
	"context"
	"database/sql"
)

// A Row is one answer to read: a *sql.Row, or *sql.Rows at one of its rows.
type Row interface{ Scan(dest ...any) error }

// A Querier asks: a *sql.DB, *sql.Tx or *sql.Conn.
type Querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// Collect reads every row of a query through scan.
func Collect[T any](ctx context.Context, db Querier, scan func(Row) (T, error), query string, args ...any) ([]T, error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}
