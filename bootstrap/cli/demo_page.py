"""The demo's page: a small Deployment behind a NodePort that serves words made in this run."""

import json
from typing import Any

NAME = "kboot-demo"
PORT = 80
NODE_PORT = 30080


def objects(image: str, words: str, replicas: int) -> str:
    """A Kubernetes List as JSON: ConfigMap with the page, Deployment spread over the hosts, NodePort Service.

    agnhost's `test-webserver` serves the file system of its container on port 80 (module k8s.io/kubernetes,
    test/images/agnhost/test-webserver), so the page is the mounted ConfigMap.
    """
    items = [_page(words), _deployment(image, words, replicas), _service()]
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": items})


def _page(words: str) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": _named(), "data": {"index.html": f"{words}\n"}}


def _deployment(image: str, words: str, replicas: int) -> dict[str, Any]:
    container = {
        "name": "page",
        "image": image,
        "imagePullPolicy": "IfNotPresent",
        "args": ["test-webserver"],
        "ports": [{"containerPort": PORT}],
        "readinessProbe": {"httpGet": {"path": "/page/index.html", "port": PORT}, "periodSeconds": 1},
        "volumeMounts": [{"name": "page", "mountPath": "/page"}],
    }
    spread = {
        "maxSkew": 1,
        "topologyKey": "kubernetes.io/hostname",
        "whenUnsatisfiable": "ScheduleAnyway",
        "labelSelector": {"matchLabels": {"app": NAME}},
    }
    pod = {
        "containers": [container],
        "volumes": [{"name": "page", "configMap": {"name": NAME}}],
        "topologySpreadConstraints": [spread],
        "terminationGracePeriodSeconds": 1,
    }
    # The words stand in the pods' annotation too: another run rolls the pods, so an old page is never served.
    template = {"metadata": {"labels": {"app": NAME}, "annotations": {"kboot.dev/words": words}}, "spec": pod}
    spec = {"replicas": replicas, "selector": {"matchLabels": {"app": NAME}}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": _named(), "spec": spec}


def _service() -> dict[str, Any]:
    port = {"port": PORT, "targetPort": PORT, "nodePort": NODE_PORT}
    spec = {"type": "NodePort", "selector": {"app": NAME}, "ports": [port]}
    return {"apiVersion": "v1", "kind": "Service", "metadata": _named(), "spec": spec}


def _named() -> dict[str, Any]:
    return {"name": NAME, "namespace": "default", "labels": {"app": NAME}}
