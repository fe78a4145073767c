package io.weir.benchmarks.child;

import io.weir.benchmarks.peer.Gate;
import io.weir.benchmarks.peer.Peer;
import io.weir.benchmarks.peer.Workload;
import io.weir.benchmarks.peer.Workloads;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The main class of a process that is one side of several peers at once, each with a node and a session of its own, under one
 * workload. They share what was compiled and the heap, so that what differs between their windows is their own.
 *
 * <pre>
 * server WORKLOAD PEER{,PEER}
 * client WORKLOAD PEER{,PEER} ADDRESS{,ADDRESS}
 * </pre>
 *
 * It says {@code ready}, a server with all addresses, and then obeys {@link Commands}, each behind the number of the peer that it is
 * for: {@code 1 resume}. A client asks for nothing until it is told to. It ends with its input, or at what is no command.
 */
public final class SharedProcess {

    /** Between peers, and between their addresses. */
    public static final String SEPARATOR = ",";

    private SharedProcess() {}

    /** Runs one side until it is told to stop. */
    public static void main(String[] args) {
        PrintStream out = System.out;
        System.setOut(System.err);
        try {
            Workload workload = Workloads.byId(args[1]);
            List<Peer> peers = new ArrayList<>();
            for (String id : args[2].split(SEPARATOR)) {
                peers.add(Peers.byId(id));
            }
            obey(
                    args[0].equals("server")
                            ? serve(out, peers, workload)
                            : connect(out, peers, workload, args[3].split(SEPARATOR)));
            System.exit(0);
        } catch (Throwable e) {
            SideProcess.fail(out, "the process ends", e);
            System.exit(1);
        }
    }

    /** A command for one of several peers. */
    public static String command(int peer, String command) {
        return peer + " " + command;
    }

    private static List<Commands> serve(PrintStream out, List<Peer> peers, Workload workload) {
        String addresses = peers.stream()
                .map(peer -> SideProcess.serverOf(peer, workload).address())
                .collect(Collectors.joining(SEPARATOR));
        SideProcess.say(out, Line.of(Line.READY, "address", addresses));
        return peers.stream().map(peer -> SideProcess.idle(out)).toList();
    }

    private static List<Commands> connect(PrintStream out, List<Peer> peers, Workload workload, String[] addresses) {
        List<Commands> all = new ArrayList<>();
        StringBuilder details = new StringBuilder();
        for (int i = 0; i < addresses.length; i++) {
            Peer peer = peers.get(i);
            peer.prepare();
            ClientSide side = ClientSide.of(
                    workload, Gate.closed(), (what, reason) -> SideProcess.fail(out, peer.id() + ": " + what, reason));
            details.append(side.connect().connect(peer, addresses[i]).detail());
            all.add(new Commands(line -> SideProcess.say(out, line), side.meter(), side.gate(), Optional.empty()));
        }
        SideProcess.say(out, Line.of(Line.READY, "detail", details.toString()));
        return all;
    }

    private static void obey(List<Commands> peers) throws IOException, ParseException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] parts = line.split(" ", 2);
            if (parts.length < 2 || !peers.get(Integer.parseInt(parts[0])).obey(parts[1])) {
                return;
            }
        }
    }
}
