package e2e

import (
	"context"
	"net"
	"net/netip"
	"strings"
	"time"

	"golang.org/x/net/dns/dnsmessage"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
)

// nameServer tells pods the addresses of services: as there is no kube-proxy,
// those of the pods behind them.
type nameServer struct {
	conn   net.PacketConn
	client kubernetes.Interface
}

// serveNames answers on port 53 of the address.
func serveNames(address string, client kubernetes.Interface) (*nameServer, error) {
	conn, err := net.ListenPacket("udp", net.JoinHostPort(address, "53"))
	if err != nil {
		return nil, err
	}
	s := &nameServer{conn: conn, client: client}
	go func() {
		buf := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buf)
			if err != nil {
				return
			}
			question := append([]byte(nil), buf[:n]...)
			go func() {
				if reply := s.answer(question); reply != nil {
					_, _ = conn.WriteTo(reply, from)
				}
			}()
		}
	}()
	return s, nil
}

func (s *nameServer) close() { _ = s.conn.Close() }

// answer returns the reply to one question; nil to what can't be read.
func (s *nameServer) answer(packet []byte) []byte {
	var m dnsmessage.Message
	if err := m.Unpack(packet); err != nil || len(m.Questions) != 1 {
		return nil
	}
	q := m.Questions[0]
	m.Response, m.Authoritative, m.RecursionAvailable = true, true, true
	m.Answers, m.Additionals, m.Authorities = nil, nil, nil
	addresses, known := s.lookup(q.Name.String())
	if !known {
		m.RCode = dnsmessage.RCodeNameError
	}
	for _, a := range addresses {
		if ip, err := netip.ParseAddr(a); err == nil && ip.Is4() && q.Type == dnsmessage.TypeA {
			m.Answers = append(m.Answers, dnsmessage.Resource{
				Header: dnsmessage.ResourceHeader{Name: q.Name, Type: q.Type, Class: q.Class, TTL: 1},
				Body:   &dnsmessage.AResource{A: ip.As4()},
			})
		}
	}
	reply, err := m.Pack()
	if err != nil {
		return nil
	}
	return reply
}

// lookup returns the addresses of "service.namespace.svc.cluster.local.".
func (s *nameServer) lookup(name string) (addresses []string, known bool) {
	rest, ok := strings.CutSuffix(strings.ToLower(name), ".svc.cluster.local.")
	service, namespace, two := strings.Cut(rest, ".")
	if !ok || !two || strings.Contains(namespace, ".") {
		return nil, false
	}
	if service == "kubernetes" && namespace == "default" {
		return []string{serviceAddress}, true
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if _, err := s.client.CoreV1().Services(namespace).Get(ctx, service, metav1.GetOptions{}); err != nil {
		return nil, !apierrors.IsNotFound(err)
	}
	slices, err := s.client.DiscoveryV1().EndpointSlices(namespace).List(ctx, metav1.ListOptions{LabelSelector: "kubernetes.io/service-name=" + service})
	if err != nil {
		return nil, true
	}
	for _, slice := range slices.Items {
		for _, e := range slice.Endpoints {
			addresses = append(addresses, e.Addresses...)
		}
	}
	return addresses, true
}
