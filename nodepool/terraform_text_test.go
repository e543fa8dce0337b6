package nodepool_test

import (
	"math/rand/v2"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/millrace/millrace/internal/pooltest"
	"github.com/millrace/millrace/nodepool"
)

// variable is what a text is that happens to be a reference.
var variable = regexp.MustCompile(`^var\.[a-z0-9]+(\.[a-z0-9]+|\[\*\])*$`)

// TestTerraformText puts texts that mean something to HCL into every field
// that takes one: they are refused, or they come out as they were.
func TestTerraformText(t *testing.T) {
	endings := []string{"", "", "", "\n", "\"\n}\nresource \"x\" \"y\" {\n", "\r", "\t", "\x00", "\xff"}
	for provider := range terraformPools {
		r := rand.New(rand.NewPCG(9, 2))
		minimal := everyProvider[provider].minimal
		paths := append(leaves(reflect.TypeFor[nodepool.Pool](), ""), leaves(reflect.TypeOf(minimal().Provider), "Provider")...)
		taken := 0
		for _, path := range paths {
			for range 100 {
				text := pooltest.Text(r) + endings[r.IntN(len(endings))]
				p := minimal()
				if text == "" || !setText(p, path, text) {
					continue
				}
				parts, err := p.Build()
				if err != nil {
					continue
				}
				taken++
				src := parts.Files[0].Data
				if variable.MatchString(text) && (strings.Contains(string(src), "= "+text+"\n") || strings.Contains(string(src), "["+text+"]")) {
					continue
				}
				resources, err := decodeTerraform(provider, src)
				if err != nil {
					t.Errorf("%s: %s %q: %v\n%s", provider, path, text, err, src)
				} else if !slices.ContainsFunc(textsOf(resources), func(s string) bool { return strings.Contains(s, text) }) {
					t.Errorf("%s: %s %q is nowhere in\n%s", provider, path, text, src)
				}
			}
		}
		t.Logf("%s: %d texts taken", provider, taken)
		if taken == 0 {
			t.Errorf("%s took none of the texts", provider)
		}
	}
}

// setText sets a field of a pool that holds texts, and reports whether there
// is one.
func setText(p *nodepool.Pool, path, text string) bool {
	v := reflect.ValueOf(p).Elem()
	if rest, ok := strings.CutPrefix(path, "Provider."); ok {
		provider := reflect.New(reflect.TypeOf(p.Provider)).Elem()
		provider.Set(reflect.ValueOf(p.Provider))
		defer func() { p.Provider = provider.Interface().(nodepool.Provider) }()
		v, path = provider, rest
	}
	for name := range strings.SplitSeq(path, ".") {
		if v = v.FieldByName(name); v.Kind() == reflect.Pointer {
			return false
		}
	}
	switch v.Type() {
	case reflect.TypeFor[[]string]():
		v.Set(reflect.ValueOf([]string{text}))
	case reflect.TypeFor[map[string]string]():
		v.Set(reflect.ValueOf(map[string]string{"k": text}))
	default:
		if v.Kind() != reflect.String {
			return false
		}
		v.SetString(text)
	}
	return true
}

// textsOf returns all texts in the resources, and the keys of their maps.
func textsOf(resources map[string]cty.Value) []string {
	var out []string
	for _, resource := range resources {
		// The walk only fails where its function does.
		_ = cty.Walk(resource, func(_ cty.Path, v cty.Value) (bool, error) {
			if v.Type() == cty.String && !v.IsNull() {
				out = append(out, v.AsString())
			} else if v.Type().IsMapType() && !v.IsNull() {
				for k := range v.AsValueMap() {
					out = append(out, k)
				}
			}
			return true, nil
		})
	}
	return out
}
