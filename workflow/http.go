package workflow

import (
	"net/url"
	"regexp"
	"strings"
	"time"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	corev1 "k8s.io/api/core/v1"

	"github.com/millrace/millrace/internal/overlay"
)

// defaultTimeout is the time that Argo's documentation promises. Its agent
// waits for ever where none is set, and with it the run.
// Source: Argo Workflows v3.7.14 workflow/executor/agent.go.
const defaultTimeout = 30 * time.Second

// HTTP is a step that makes one request. The body of the response is the
// task's Result. All of a run's requests are made by one pod, its agent.
type HTTP struct {
	// Method is a method of net/http (http.MethodPost), in capitals. Empty
	// means GET.
	//
	// Rendered as http.method.
	Method string
	// URL is where the request goes. It may hold references. Required.
	//
	// Rendered as http.url.
	URL string
	// Headers are sent with it. Nil sends none.
	//
	// Rendered as http.headers.
	Headers []Header
	// Body is the text that is sent. It may hold references. Empty sends none.
	//
	// Rendered as http.body.
	Body string
	// BodyFrom are bytes that are sent in its place, as they are. Nil sends Body.
	//
	// Rendered as http.bodyFrom.bytes, in base64.
	BodyFrom []byte
	// Timeout is how long the response may take. Zero means 30 seconds. Whole
	// seconds.
	//
	// Rendered as http.timeoutSeconds.
	// Source: Argo Workflows, field reference, HTTP.
	Timeout time.Duration
	// Success is the condition for the step to succeed, with request and
	// response in it: Expr("response.statusCode == 201"). None means a status of
	// 200 to 299.
	//
	// Rendered as http.successCondition.
	Success Expression
	// InsecureSkipVerify takes any certificate for that of the server. False
	// checks it.
	//
	// Rendered as http.insecureSkipVerify.
	InsecureSkipVerify bool
	// Base holds what has no field of its own here.
	Base wfv1.HTTP
}

// Header is one header of an HTTP step: its value as it is, or from a secret.
type Header struct {
	// Name is the header's name. Required.
	//
	// Rendered as http.headers[].name.
	Name string
	// Value is sent as it is. It may hold references. Empty where Secret is set.
	//
	// Rendered as http.headers[].value.
	Value string
	// Secret is a key of a secret in the run's namespace with the value. Nil sends
	// Value.
	//
	// Rendered as http.headers[].valueFrom.secretKeyRef.
	Secret *corev1.SecretKeySelector
}

var (
	// methodToken is a method as servers know it: they tell "get" from "GET".
	methodToken = regexp.MustCompile(`^[A-Z]+(-[A-Z]+)*$`)
	// headerToken is a name that net/http sends.
	headerToken = regexp.MustCompile("^[A-Za-z0-9!#$%&'*+.^_`|~-]+$")
)

// template implements Step.
func (s HTTP) template(c *check, field string, t *wfv1.Template) {
	c.seconds(field+".Timeout", s.Timeout)
	out := s.Base.DeepCopy()
	for _, path := range overlay.Lay(out, s.fields(c, field)) {
		c.Conflict(field+".Base."+path, "it is set here and by a field of the step", "set it in one place")
	}
	if !refers(out.Method) && out.Method != "" && !methodToken.MatchString(out.Method) {
		c.Invalid(field+".Method", out.Method, "no server knows the method", "use one of net/http's, such as http.MethodPost")
	}
	c.url(field+".URL", out.URL)
	for i, h := range s.Headers {
		c.header(at(field+".Headers", i), h)
	}
	switch {
	case out.Body != "" && out.BodyFrom != nil:
		c.Conflict(field+".BodyFrom", "the step has a Body too, which Argo would not send", "set one of them")
	case out.BodyFrom != nil && out.BodyFrom.Bytes == nil:
		c.Invalid(field+".Base.BodyFrom", "", "it has no bytes, and Argo's agent would crash", "give it some, or leave it out")
	}
	if out.TimeoutSeconds == nil && !c.template.Plain {
		out.TimeoutSeconds = new(int64(defaultTimeout / time.Second))
	}
	t.HTTP = out
}

// fields are the settings that the user's own fields stand for.
func (s HTTP) fields(c *check, field string) *wfv1.HTTP {
	out := &wfv1.HTTP{Method: s.Method, URL: s.URL, Body: s.Body, InsecureSkipVerify: s.InsecureSkipVerify}
	for _, h := range s.Headers {
		header := wfv1.HTTPHeader{Name: h.Name, Value: h.Value}
		if h.Secret != nil {
			header.ValueFrom = &wfv1.HTTPHeaderSource{SecretKeyRef: h.Secret.DeepCopy()}
		}
		out.Headers = append(out.Headers, header)
	}
	if len(s.BodyFrom) > 0 {
		out.BodyFrom = &wfv1.HTTPBodySource{Bytes: append([]byte(nil), s.BodyFrom...)}
	}
	if s.Timeout > 0 {
		out.TimeoutSeconds = new(int64(s.Timeout / time.Second))
	}
	if !s.Success.none() {
		out.SuccessCondition = s.Success.computed(c, field+".Success", asCondition)
	}
	return out
}

// url checks where a request goes, as far as it is known.
func (c *check) url(field, text string) {
	if text == "" {
		c.Required(field, "say where the request goes")
		return
	}
	if refers(text) {
		return
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		c.Invalid(field, text, "it is no address of a web server", "write it out: https://host/path")
	}
}

// header checks one header.
func (c *check) header(field string, h Header) {
	switch {
	case h.Name == "":
		c.Required(field+".Name", "name the header")
	case !refers(h.Name) && !headerToken.MatchString(h.Name):
		c.Invalid(field+".Name", h.Name, "it is no name of a header", "use letters, digits and '-', as in Content-Type")
	}
	if strings.ContainsAny(h.Value, "\r\n\x00") {
		c.Add(ruleInvalid, field+".Value", "it has line breaks, and a header is one line", "leave them out")
	}
	if h.Secret == nil {
		return
	}
	if h.Value != "" {
		c.Conflict(field+".Secret", "the header has a Value too", "set one of them")
	}
	if h.Secret.Name == "" {
		c.Required(field+".Secret.Name", "name the secret")
	}
	if h.Secret.Key == "" {
		c.Required(field+".Secret.Key", "name the key in the secret")
	}
	if h.Secret.Optional != nil && *h.Secret.Optional {
		c.Unsupported(field+".Secret.Optional", "Argo needs the secret all the same", "leave it out")
	}
}
