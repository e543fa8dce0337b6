module github.com/millrace/millrace/internal/oracle/kafka

go 1.26.0

require (
	github.com/google/go-cmp v0.7.0
	github.com/millrace/millrace v0.0.0
)

replace github.com/millrace/millrace => ../../..
