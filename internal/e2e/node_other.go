//go:build !linux

package e2e

import (
	"context"
	"errors"

	"k8s.io/client-go/kubernetes"
)

type node struct{ dir, host, address, cgroup string }

func missing() error { return errors.New("no pods here: they need Linux") }

func startNode(context.Context, *controlPlane, kubernetes.Interface) (*node, error) {
	return nil, missing()
}

func (n *node) stop() {}

func (c *Cluster) startArgo(context.Context) error { return missing() }

func (c *Cluster) startSpark(context.Context) error { return missing() }

// SparkSubmit needs the pods of a node.
func (c *Cluster) SparkSubmit(context.Context, string) (string, error) { return "", missing() }

func missingSpark() error { return missing() }

func spark(context.Context) (home, java string, err error) { return "", "", missing() }

func buildNode(context.Context) error { return missing() }
