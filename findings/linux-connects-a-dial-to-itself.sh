#!/usr/bin/env bash
# Linux connects a TCP socket to itself, and Java calls that a connection: at ports that somebody chose, not at those that it gave.
#
# What happens: a client dials a port of its own machine again and again, at which nobody listens, as whoever waits for a server
# that is being restarted. The port is in the range from which the system takes the numbers of outgoing connections. Each dial
# is refused, until the system chooses for one of them the very number that is dialled: that is a simultaneous open (RFC 9293
# section 3.5) with itself, and succeeds. Both ends have the same address, what is written comes back, and when the client has
# closed it, TIME_WAIT keeps the number for a minute, in which the server cannot listen there, though it asks for SO_REUSEADDR.
# Whether it happens depends on the number's parity: outgoing connections get even numbers as long as there are any, and who
# binds to port 0 gets odd ones. So it happens to a server whose port is configured, and not in tests that let the system choose.
# Expected: a dial to a port at which nobody listens is refused; a port that serves today is as good as another.
# Seen (Linux 6.18, JDK 17; range 32768 to 60999; the count differs from run to run):
#
#   a port that was chosen, even: connected to itself, after fewer than 60000 dials
#   what was written came back: 42
#   listening there behind it: Address already in use
#   a port that the system gave: odd, 60000 dials refused
#
# Ends with 0 while it is so, with 1 when the behaviour has changed. Needs Linux with the default range of ports (or one that
# begins with an even number), few connections besides, and a JDK 17 or newer; dials only to 127.0.0.1; writes into a temporary
# folder only.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat >Finding.java <<'JAVA'
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

class Finding {
    static final int MOST = 60_000;

    public static void main(String[] args) throws Exception {
        int chosen = 50_000;
        while (!isFree(chosen)) {
            chosen += 2;
        }
        Socket itself = dial(chosen);
        System.out.println("a port that was chosen, even: "
                + (itself == null ? MOST + " dials refused" : "connected to itself, after fewer than " + MOST + " dials"));
        if (itself != null) {
            itself.getOutputStream().write(42);
            System.out.println("what was written came back: " + itself.getInputStream().read());
            itself.close();
            try (ServerSocket server = listening(chosen)) {
                System.out.println("listening there behind it: works, at " + server.getLocalPort());
            } catch (IOException e) {
                System.out.println("listening there behind it: " + e.getMessage().replaceAll(" \\(.*", ""));
            }
        }
        int given;
        try (ServerSocket server = listening(0)) {
            given = server.getLocalPort();
        }
        System.out.println("a port that the system gave: " + (given % 2 == 0 ? "even" : "odd") + ", "
                + (dial(given) == null ? MOST + " dials refused" : "connected to itself"));
    }

    /** Null if all dials are refused. */
    static Socket dial(int port) throws IOException {
        for (int dial = 0; dial < MOST; dial++) {
            Socket socket = new Socket();
            try {
                socket.connect(new InetSocketAddress("127.0.0.1", port));
                if (socket.getLocalPort() != port) {
                    throw new IOException("somebody listens at " + port);
                }
                return socket;
            } catch (ConnectException refused) {
                socket.close();
            }
        }
        return null;
    }

    static boolean isFree(int port) {
        try (ServerSocket server = listening(port)) {
            return server.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    static ServerSocket listening(int port) throws IOException {
        ServerSocket server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
        return server;
    }
}
JAVA
java Finding.java | tee seen

diff seen - <<'EXPECTED'
a port that was chosen, even: connected to itself, after fewer than 60000 dials
what was written came back: 42
listening there behind it: Address already in use
a port that the system gave: odd, 60000 dials refused
EXPECTED
