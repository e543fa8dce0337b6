package e2e_test

import (
	"os"
	"testing"

	"github.com/millrace/millrace/internal/e2e"
)

func TestMain(m *testing.M) { os.Exit(e2e.Main(m)) }

func TestSmoke(t *testing.T) {
	c := e2e.Start(t)
	t.Log(c.Namespace(t))
	t.Log(c.Admin().Discovery().ServerVersion())
}
