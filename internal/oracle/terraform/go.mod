module github.com/millrace/millrace/internal/oracle/terraform

go 1.26.0
