"""Forwards Ethernet frames between the ports of this network namespace, and delays, drops, repeats and reorders them.

usage: packet-switch.py RULES SEED PORT ...

RULES is a file with one line: DELAY JITTER LOSS DUPLICATION. The delays are in milliseconds, the others are probabilities. The file is
read again when it changes.
"""
import heapq
import os
import random
import select
import socket
import sys
import time

SOL_PACKET, PACKET_IGNORE_OUTGOING, PACKET_VNET_HDR = 263, 23, 15
ALL_PROTOCOLS, LONGEST_FRAME, BUFFER = 3, 70_000, 16 << 20
VNET_HEADER = 10  # Before each frame: what the network card would have to compute.
RULES_INTERVAL = 0.05


def open_port(name):
    port = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ALL_PROTOCOLS))
    port.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
    port.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
    port.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
    port.bind((name, 0))
    port.setblocking(False)
    return port


class Switch:
    def __init__(self, rules, seed, names):
        self.rules, self.random = rules, random.Random(seed)
        self.ports = [open_port(name) for name in names]
        self.port_of = {}
        self.waiting, self.number = [], 0
        self.modified, self.faults = None, (0, 0, 0, 0)

    def read_rules(self):
        modified = os.stat(self.rules).st_mtime_ns
        if modified != self.modified:
            with open(self.rules) as file:
                self.faults = tuple(float(part) for part in file.read().split())
            self.modified = modified

    def send(self, port, frame):
        try:
            self.ports[port].send(frame)
        except OSError:
            pass  # A full buffer loses the frame, as in any switch.

    def forward(self, source, frame, now):
        target, sender = frame[VNET_HEADER:VNET_HEADER + 6], frame[VNET_HEADER + 6:VNET_HEADER + 12]
        self.port_of[sender] = source
        is_group = target[0] & 1
        targets = [self.port_of[target]] if target in self.port_of and not is_group else range(len(self.ports))
        delay, jitter, loss, duplication = self.faults
        for port in targets:
            if port == source or self.random.random() < loss:
                continue
            for _ in range(2 if self.random.random() < duplication else 1):
                wait = delay + self.random.uniform(0, jitter)
                if wait <= 0:
                    self.send(port, frame)
                else:
                    self.number += 1
                    heapq.heappush(self.waiting, (now + wait / 1000, self.number, port, frame))

    def run(self):
        poll, of_descriptor = select.epoll(), {port.fileno(): index for index, port in enumerate(self.ports)}
        for descriptor in of_descriptor:
            poll.register(descriptor, select.EPOLLIN)
        print("ready", flush=True)
        next_rules = 0
        while True:
            now = time.monotonic()
            if now >= next_rules:
                self.read_rules()
                next_rules = now + RULES_INTERVAL
            while self.waiting and self.waiting[0][0] <= now:
                _, _, port, frame = heapq.heappop(self.waiting)
                self.send(port, frame)
            due = self.waiting[0][0] - now if self.waiting else RULES_INTERVAL
            for descriptor, _ in poll.poll(max(0, min(RULES_INTERVAL, due))):
                self.receive(of_descriptor[descriptor])

    def receive(self, source):
        for _ in range(64):
            try:
                frame = self.ports[source].recv(LONGEST_FRAME)
            except OSError:
                return
            self.forward(source, frame, time.monotonic())


Switch(sys.argv[1], int(sys.argv[2]), sys.argv[3:]).run()
