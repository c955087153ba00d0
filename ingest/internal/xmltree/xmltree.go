// Package xmltree reads an XML part into a small tree within limits of depth and nodes, refusing documents that declare
// entities. Element and attribute names carry the prefix that the caller gives their namespace, whatever prefix the file
// uses, so that a reader can compare them with one string.
package xmltree

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"golang.org/x/net/html/charset"

	"sportello/assistant/fault"
)

// Node is an element, or a piece of text when Name is empty.
type Node struct {
	Name  string
	Attrs []Attr
	Kids  []*Node
	Text  string
}

// Attr is an attribute with its name as Node has it.
type Attr struct{ Name, Value string }

// Limits bound a tree. The zero value is the default.
type Limits struct {
	Depth int // default 256
	Nodes int // default 3,000,000
}

var (
	errDepth  = errors.New("nested too deep")
	errNodes  = errors.New("too many elements")
	errEntity = errors.New("declares entities")
)

// Parse reads src. spaces maps a namespace to the prefix its names get; a name of another namespace has its local part only. Errors are fault.Broken, or
// fault.TooLarge when a limit is passed; what names the file for the message.
func Parse(ctx context.Context, src []byte, what string, spaces map[string]string, limit Limits) (*Node, error) {
	if limit.Depth <= 0 {
		limit.Depth = 256
	}
	if limit.Nodes <= 0 {
		limit.Nodes = 3_000_000
	}
	root, err := parse(ctx, src, spaces, limit)
	switch {
	case err == nil:
		return root, nil
	case errors.Is(err, errDepth), errors.Is(err, errNodes):
		return nil, fault.Wrap(fault.TooLarge, err, "%s: its structure is too large to be read", what)
	case errors.Is(err, errEntity):
		return nil, fault.Wrap(fault.Broken, err, "%s: refused: it declares XML entities, which documents do not need", what)
	case ctx.Err() != nil:
		return nil, fault.Wrap(fault.Timeout, ctx.Err(), "%s: stopped before it was read", what)
	}
	return nil, fault.Wrap(fault.Broken, err, "%s: the file is damaged (its XML cannot be read): open it and save it anew", what)
}

func parse(ctx context.Context, src []byte, spaces map[string]string, limit Limits) (*Node, error) {
	d := xml.NewDecoder(bytes.NewReader(src))
	d.CharsetReader = charset.NewReaderLabel
	root := &Node{}
	stack := []*Node{root}
	nodes := 0
	for {
		t, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if nodes++; nodes > limit.Nodes {
			return nil, errNodes
		}
		if nodes%8192 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		top := stack[len(stack)-1]
		switch t := t.(type) {
		case xml.StartElement:
			n := &Node{Name: name(t.Name, spaces)}
			if len(t.Attr) > 0 {
				n.Attrs = make([]Attr, len(t.Attr))
				for i, a := range t.Attr {
					n.Attrs[i] = Attr{Name: name(a.Name, spaces), Value: a.Value}
				}
			}
			top.Kids = append(top.Kids, n)
			if stack = append(stack, n); len(stack) > limit.Depth {
				return nil, errDepth
			}
		case xml.EndElement:
			if len(stack) == 1 {
				return nil, fmt.Errorf("unexpected </%s>", t.Name.Local)
			}
			stack = stack[:len(stack)-1]
		case xml.CharData:
			if len(stack) > 1 {
				top.Kids = append(top.Kids, &Node{Text: string(t)})
			}
		case xml.Directive:
			if bytes.Contains(t, []byte("ENTITY")) {
				return nil, errEntity
			}
		}
	}
	if len(stack) > 1 {
		return nil, io.ErrUnexpectedEOF
	}
	for _, k := range root.Kids {
		if k.Name != "" {
			return k, nil
		}
	}
	return nil, errors.New("no element")
}

func name(n xml.Name, spaces map[string]string) string {
	if p := spaces[n.Space]; p != "" {
		return p + ":" + n.Local
	}
	return n.Local
}

// Attr gives the value of an attribute, "" when it is not there.
func (n *Node) Attr(name string) string {
	if n == nil {
		return ""
	}
	for _, a := range n.Attrs {
		if a.Name == name {
			return a.Value
		}
	}
	return ""
}

// Has says whether there is such an attribute.
func (n *Node) Has(name string) bool {
	if n == nil {
		return false
	}
	for _, a := range n.Attrs {
		if a.Name == name {
			return true
		}
	}
	return false
}

// Child gives the first child element of that name, nil when there is none. It may be called on nil, so that paths can be chained.
func (n *Node) Child(name string) *Node {
	if n == nil {
		return nil
	}
	for _, k := range n.Kids {
		if k.Name == name {
			return k
		}
	}
	return nil
}

// Find gives the first element of that name below n, in document order.
func (n *Node) Find(name string) *Node {
	if n == nil {
		return nil
	}
	for _, k := range n.Kids {
		if k.Name == name {
			return k
		}
		if f := k.Find(name); f != nil {
			return f
		}
	}
	return nil
}

// Content is all the text below n, as it is.
func (n *Node) Content() string {
	var b strings.Builder
	n.content(&b)
	return b.String()
}

func (n *Node) content(b *strings.Builder) {
	if n == nil {
		return
	}
	if n.Name == "" {
		b.WriteString(n.Text)
	}
	for _, k := range n.Kids {
		k.content(b)
	}
}
