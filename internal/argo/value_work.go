package argo

import (
	"encoding/json"
	"net/url"
	"strings"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
)

// methods are those of HTTP whose names are written in capitals.
const methods = " GET HEAD POST PUT PATCH DELETE OPTIONS "

// http checks a call. Others complete it if partial is set.
// Source: Argo Workflows v3.7.14, workflow/executor/agent.go.
func (f *fields) http(path string, h *wfv1.HTTP, partial bool) {
	switch u, err := url.Parse(h.URL); {
	case hasTag(h.URL):
	case h.URL == "":
		if !partial {
			f.report(RuleValue, path+".url", "say which address to call", "it is not set")
		}
	case err != nil:
		f.report(RuleValue, path+".url", "correct the address", "%s is no URL", shown(h.URL))
	case u.Scheme != "http" && u.Scheme != "https" || u.Host == "":
		f.report(RuleValue, path+".url", "write it as https://host/path", "%s is no address of http or https", shown(h.URL))
	}
	if m := h.Method; !hasTag(m) {
		switch upper := strings.ToUpper(m); {
		case strings.ContainsAny(m, " \t\r\n\"(),/:;<=>?@[\\]{}"):
			f.report(RuleValue, path+".method", "use one of"+strings.TrimRight(methods, " "), "%s is no method of HTTP", shown(m))
		case m != upper && strings.Contains(methods, " "+upper+" "):
			f.report(RuleValue, path+".method", "write "+upper, "%s is sent as it is, and servers know %s", shown(m), upper)
		}
	}
	atLeast(f, RuleValue, path, ".timeoutSeconds", h.TimeoutSeconds, 1, "the call is given up before it is made")
	if h.BodyFrom != nil && h.Body != "" {
		f.report(RuleValue, path+".bodyFrom", "keep one of the two", "it is set beside body, which is not sent then")
	}
	for i := range h.Headers {
		if h.Headers[i].Name == "" {
			f.report(RuleValue, at(path+".headers", i)+".name", "name the header", "it is not set")
		}
	}
}

// data checks a data template.
func (f *fields) data(path string, d *wfv1.Data) {
	if d.Source.ArtifactPaths == nil {
		f.report(RuleValue, path+".source.artifactPaths", "say which artifacts to list", "it is not set, and Argo knows no other source")
	} else {
		f.location(path+".source.artifactPaths", &d.Source.ArtifactPaths.ArtifactLocation, false)
	}
}

// plugin checks that a plugin template names one plugin.
func (f *fields) plugin(path string, p *wfv1.Plugin) {
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(p.Value, &keys); err != nil || len(keys) != 1 {
		f.report(RuleValue, path, "leave the one key that is the plugin's name", "it has %d keys", len(keys))
	}
}
