package io.weir.benchmarks.child;

import io.weir.benchmarks.measure.ProcessMeter;
import io.weir.benchmarks.peer.ElementCounter;
import io.weir.benchmarks.peer.Peer;
import io.weir.benchmarks.peer.Reception;
import io.weir.benchmarks.peer.Replies;
import io.weir.benchmarks.peer.ReplyRecorder;
import io.weir.benchmarks.peer.RequestWorkload;
import io.weir.benchmarks.peer.StreamWorkload;
import io.weir.benchmarks.peer.Workload;
import io.weir.benchmarks.peer.Workloads;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import org.jspecify.annotations.Nullable;

/**
 * The main class of a benchmark process: one side of one peer.
 *
 * <pre>
 * server PEER WORKLOAD LIFETIME_SECONDS
 * client PEER WORKLOAD LIFETIME_SECONDS ADDRESS
 * </pre>
 *
 * It says {@code ready} on standard output (see {@link Line}) and then obeys commands on standard input:
 * {@code sample}; {@code record}, which starts a flight recording; {@code dump FILE}, which ends and writes it;
 * {@code stop}. It ends at the end of its input, so that it never outlives the harness, and in any case after its
 * lifetime. Diagnostics go to standard error.
 */
public final class SideProcess {
    private static final int LIFETIME_OVER = 3;

    private final PrintStream out;
    private final ProcessMeter meter;
    private @Nullable Recording recording;

    private SideProcess(PrintStream out, ProcessMeter meter) {
        this.out = out;
        this.meter = meter;
    }

    /** Runs one side until it is told to stop. */
    public static void main(String[] args) {
        PrintStream out = System.out;
        System.setOut(System.err);
        try {
            endAfter(Integer.parseInt(args[3]));
            Peer peer = Peers.byId(args[1]);
            Workload workload = Workloads.byId(args[2]);
            SideProcess side =
                    args[0].equals("server") ? serve(out, peer, workload) : connect(out, peer, workload, args[4]);
            side.obey();
            System.exit(0);
        } catch (Throwable e) {
            e.printStackTrace();
            say(out, Line.of(Line.FAILED, "reason", String.valueOf(e)));
            System.exit(1);
        }
    }

    private static SideProcess serve(PrintStream out, Peer peer, Workload workload) {
        Peer.Server server = workload instanceof RequestWorkload requests
                ? peer.answer(requests)
                : peer.serve((StreamWorkload) workload);
        say(out, Line.of(Line.READY, "address", server.address()));
        return new SideProcess(out, ProcessMeter.counting(List.of()));
    }

    private static SideProcess connect(PrintStream out, Peer peer, Workload workload, String address) {
        return workload instanceof RequestWorkload requests
                ? request(out, peer, requests, address)
                : receive(out, peer, (StreamWorkload) workload, address);
    }

    private static SideProcess receive(PrintStream out, Peer peer, StreamWorkload workload, String address) {
        ElementCounter[] counters = IntStream.range(0, workload.streams())
                .mapToObj(index -> new ElementCounter(workload.payloadBytes()))
                .toArray(ElementCounter[]::new);
        Peer.Client client = peer.receive(address, workload, new Reception() {
            @Override
            public ElementCounter counter(int index) {
                return counters[index];
            }

            @Override
            public void failed(Throwable reason) {
                fail(out, "a stream ended", reason);
            }
        });
        say(out, Line.of(Line.READY, "detail", client.detail()));
        return new SideProcess(out, ProcessMeter.counting(List.of(counters)));
    }

    private static SideProcess request(PrintStream out, Peer peer, RequestWorkload workload, String address) {
        ReplyRecorder recorder = new ReplyRecorder(workload.payloadBytes());
        Peer.Client client = peer.request(address, workload, new Replies() {
            @Override
            public ReplyRecorder recorder() {
                return recorder;
            }

            @Override
            public void failed(Throwable reason) {
                fail(out, "a request has no reply", reason);
            }
        });
        say(out, Line.of(Line.READY, "detail", client.detail()));
        return new SideProcess(out, ProcessMeter.timing(recorder));
    }

    private static void fail(PrintStream out, String what, Throwable reason) {
        reason.printStackTrace();
        say(out, Line.of(Line.FAILED, "reason", what + ": " + reason));
    }

    private void obey() throws IOException, ParseException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String command = in.readLine(); command != null; command = in.readLine()) {
            if (command.equals("sample")) {
                say(out, new Line(Line.SAMPLE, meter.sample().toFields()));
            } else if (command.equals("record")) {
                recording = new Recording(Configuration.getConfiguration("profile"));
                recording.start();
                say(out, new Line(Line.DONE, Map.of()));
            } else if (command.startsWith("dump ") && recording != null) {
                recording.stop();
                recording.dump(Path.of(command.substring("dump ".length())));
                recording.close();
                say(out, new Line(Line.DONE, Map.of()));
            } else {
                return;
            }
        }
    }

    private static void endAfter(int seconds) {
        Thread watchdog = new Thread(
                () -> {
                    try {
                        Thread.sleep(seconds * 1000L);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    System.err.println("lifetime of " + seconds + " s is over");
                    Runtime.getRuntime().halt(LIFETIME_OVER);
                },
                "lifetime");
        watchdog.setDaemon(true);
        watchdog.start();
    }

    private static void say(PrintStream out, Line line) {
        synchronized (out) {
            out.println(line);
            out.flush();
        }
    }
}
