package cluster_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/millrace/millrace/millracetest"
)

// slowly is a client whose mapper takes its time, whatever the caller has: it
// has no context.
type slowly struct {
	client.WithWatch
	mapper *slowMapper
}

func (s slowly) RESTMapper() meta.RESTMapper { return s.mapper }

type slowMapper struct {
	meta.RESTMapper
	takes time.Duration
}

func (m *slowMapper) RESTMapping(gk schema.GroupKind, versions ...string) (*meta.RESTMapping, error) {
	time.Sleep(m.takes)
	return m.RESTMapper.RESTMapping(gk, versions...)
}

// TestFrozenDiscovery holds neither call beyond its deadline while the API
// server does not say what it serves.
func TestFrozenDiscovery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := millracetest.NewCluster(t)
		mapper := &slowMapper{RESTMapper: c.Kubernetes().RESTMapper()}
		kube := clientOf(t, slowly{c.Kubernetes(), mapper})
		run := submit(t, kube, flow)
		mapper.takes = time.Hour

		began := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := kube.Submit(ctx, bundle(t, topic)); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Submit returned %v", err)
		}
		if took := time.Since(began); took > time.Second {
			t.Errorf("Submit took %v", took)
		}

		began = time.Now()
		// The children of the workflow are watched where their kind is known.
		if err := run.Wait(within(t, time.Minute)); err != nil {
			t.Errorf("Wait returned %v", err)
		}
		if took := time.Since(began); took > time.Minute {
			t.Errorf("Wait took %v", took)
		}
		time.Sleep(2 * time.Hour) // until the mapper has answered everyone
	})
}
