// Package widgetv1 is the golden output of crdgen for the CRDs in its testdata.
package widgetv1
