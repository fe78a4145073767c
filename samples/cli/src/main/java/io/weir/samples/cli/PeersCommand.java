package io.weir.samples.cli;

import io.weir.Weir;
import io.weir.core.error.CloseReason;
import io.weir.core.error.ConnectException;
import io.weir.core.identity.PeerId;
import io.weir.core.peer.ConnectionPolicy;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.ConnectionManager.PeerChange;
import io.weir.reactive.ManagedPeer;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerState;
import io.weir.reactive.WantedPeer;
import io.weir.samples.cli.peers.PeersDisplay;
import io.weir.samples.cli.ticket.Destination;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Keeps peers connected, and shows where each is at. */
@Command(
        description = {
            "Each peer is dialled, and dialled again when it is lost, after waits that grow up to 30 s. On a terminal a table "
                    + "is drawn anew on standard error; elsewhere a line for each change is written on standard output: "
                    + "peer, state, time to the next attempt, last reason, session, round trip. With --listen the "
                    + "address comes first. The table has each peer's key, and since when it is at what it is at; a terminal "
                    + "too narrow for keys shows how they begin.",
            "Ends when it is broken off, after --for or --until-ready, and when all have been given up for good and none "
                    + "can dial by itself."
        },
        exitCodeList = {
            "0:all are ready",
            "1:not all are ready, or it cannot listen there",
            ExitCode.USAGE_TEXT,
            ExitCode.KEY_FILE_TEXT,
            ExitCode.NOT_TRUSTED_TEXT,
            ExitCode.BROKEN_OFF_TEXT
        },
        footer = {
            "  weir peers --listen tcp://127.0.0.1:7400 --identity me.key --allow <peer id>",
            "  weir peers --add 'tcp://127.0.0.1:7400#<peer id>' --add udp://example.org:7400",
            "  weir peers --add 'tcp://127.0.0.1:7400#<peer id>' --until-ready --for 30 --progress none",
            "  weir peers --add 'tcp://127.0.0.1:7400#<peer id>' --add 'udp://127.0.0.1:7400#<peer id>' --prefer udp,tcp"
        })
@SuppressWarnings("NullAway.Init") // picocli fills the fields
final class PeersCommand implements Callable<Integer> {

    private static final int MAX_SECONDS = 1_000_000;

    private final Console console;

    @Spec
    private CommandSpec spec;

    @ParentCommand
    private WeirCommand weir;

    @Option(
            names = "--add",
            paramLabel = "ADDR",
            description =
                    "A peer to keep connected: where it listens, and who must answer there, as ADDRESS#PEERID or a ticket; "
                            + "without #PEERID whoever does. May be repeated, also for addresses of one peer.")
    private List<Destination> wanted = List.of();

    @Option(
            names = "--prefer",
            paramLabel = "TRANSPORT",
            split = ",",
            description =
                    "Which addresses of one peer are dialled first, such as udp,tcp. Where another one is ready, its line says why the "
                            + "preferred one is not. Without it: in the order in which they are given.")
    private String[] preferred = {};

    @Option(
            names = "--listen",
            paramLabel = "ADDR",
            description =
                    "Let peers dial too, tcp://, udp:// or quic://; port 0 takes a free one, host [::] is every address of the "
                            + "machine. Those of --allow without an address are awaited, those of --add admitted too.")
    private @Nullable PeerAddress listen;

    @Mixin
    private IdentityOption identity;

    @Mixin
    private AdmissionOption admission;

    @Mixin
    private AnnounceOption announce;

    @Option(
            names = "--for",
            paramLabel = "SECONDS",
            description = "End after so long, 1 to 1,000,000: with 0 if all are ready then, else with 1, or 4.")
    private @Nullable Integer seconds;

    @Option(names = "--until-ready", description = "End with 0 as soon as all are ready at once.")
    private boolean untilReady;

    @Mixin
    private JsonOption json;

    @Mixin
    private ProgressOption progress;

    /** Where each is at, as far as it is shown. */
    private final Map<ManagedPeer, PeerState> shown = new ConcurrentHashMap<>();

    private volatile boolean allWanted;

    PeersCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        checkUsage();
        try (OpenNode open = OpenNode.startDrainingNow(toNode(), console, weir.verbose());
                PeersDisplay display = progress.startPeers(console, json.wanted())) {
            PeerNode node = open.node();
            if (listen != null) {
                announce.announce(open, console, json.wanted());
                console.say("keeping " + dialled().size() + " connected; " + admission.describe());
            }
            List<WantedPeer> everybody = Stream.concat(
                            dialled().stream(), awaited().stream().map(WantedPeer::of))
                    .toList();
            open.waitNow(over(node, everybody, display));
            checkOutcome();
        }
        progress.finish(console);
        return ExitCode.OK;
    }

    private void checkUsage() {
        wanted.forEach(address -> Main.checkCanBeDialled(address, spec));
        if (seconds != null) {
            Main.checkRange("--for", seconds, 1, MAX_SECONDS, spec);
        }
        if (listen == null && wanted.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "nobody to keep connected: --add or --listen is missing");
        }
        if (untilReady && wanted.isEmpty() && admission.allowed().isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "--until-ready needs somebody: --add or --allow is missing");
        }
        if (listen == null && !admission.allowed().isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--allow needs --listen: nobody can dial otherwise");
        }
    }

    private ConnectionPolicy policy() {
        try {
            return ConnectionPolicy.defaults().withTransports(preferred);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--prefer: " + e.getMessage(), e);
        }
    }

    private PeerNodeSpec toNode() {
        PeerNodeSpec node = Weir.node().identity(identity.load()).connections(policy());
        return listen == null ? node : node.listen(listen).admission(admission.toAdmission(console, expected()));
    }

    /** Those with addresses: one for each key, however many addresses name it, and one for each address without. */
    private List<WantedPeer> dialled() {
        Map<Object, List<PeerAddress>> places = new LinkedHashMap<>();
        for (Destination destination : wanted) {
            PeerId id = destination.expected();
            places.computeIfAbsent(id == null ? destination : id, key -> new ArrayList<>())
                    .addAll(destination.addresses());
        }
        try {
            return places.values().stream()
                    .map(addresses -> WantedPeer.at(addresses.toArray(PeerAddress[]::new)))
                    .toList();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    /** Whom the addresses name. */
    private Set<PeerId> expected() {
        return wanted.stream()
                .map(Destination::expected)
                .filter(Objects::nonNull)
                .collect(Collectors.toUnmodifiableSet());
    }

    private List<PeerId> awaited() {
        Set<PeerId> dialled = expected();
        return admission.allowed().stream().filter(id -> !dialled.contains(id)).toList();
    }

    private void want(PeerNode node, WantedPeer peer) {
        try {
            ManagedPeer kept = node.peers().add(peer);
            shown.putIfAbsent(kept, kept.state());
        } catch (ConnectException e) {
            CommandException why = CommandException.of(e);
            Object whom =
                    peer.addresses().isEmpty() ? peer.id() : peer.addresses().get(0);
            throw new CommandException(why.exitCode(), "cannot keep " + whom + " connected: " + why.getMessage(), e);
        }
    }

    /**
     * Wants everybody, and shows everything until it is over: from the first change on, since it listens before it wants. Writing may
     * block, so it is done on a thread that may.
     */
    private Mono<Void> over(PeerNode node, List<WantedPeer> everybody, PeersDisplay display) {
        Flux<Runnable> changes = node.peers().states().map(change -> () -> show(change, display));
        Flux<Runnable> wanting = Flux.defer(() -> {
            everybody.forEach(peer -> want(node, peer));
            return Flux.just(() -> allWanted = true);
        });
        Flux<Runnable> ticks =
                Flux.interval(PeersDisplay.REDRAW).onBackpressureDrop().map(tick -> display::tick);
        Mono<Void> decided = Flux.merge(changes, wanting, ticks)
                .publishOn(Schedulers.boundedElastic())
                .doOnNext(Runnable::run)
                .takeUntil(step -> isDecided())
                .then();
        Mono<Void> timeIsUp = seconds == null
                ? Mono.never()
                : Mono.delay(Duration.ofSeconds(seconds)).then();
        return Mono.firstWithSignal(decided, timeIsUp, node.onClose().then());
    }

    private void show(PeerChange change, PeersDisplay display) {
        display.show(change);
        shown.put(change.peer(), change.state());
    }

    private boolean isDecided() {
        if (!allWanted) {
            return false;
        }
        return untilReady && shown.values().stream().allMatch(PeerState.Ready.class::isInstance)
                || listen == null && shown.values().stream().allMatch(PeerState.GaveUp.class::isInstance);
    }

    /**
     * Whether it ended well.
     *
     * @throws CommandException if not, and the user did not break it off
     */
    private void checkOutcome() {
        List<PeerState> missing = shown.values().stream()
                .filter(state -> !(state instanceof PeerState.Ready))
                .toList();
        if (missing.isEmpty() || console.interrupted()) {
            return;
        }
        for (PeerState state : missing) {
            if (state instanceof PeerState.GaveUp gone) {
                throw failure(missing.size(), shown.size(), gone.reason());
            }
        }
        throw new CommandException(ExitCode.FAILED, missing.size() + " of " + shown.size() + " not connected");
    }

    private static CommandException failure(int missing, int all, CloseReason reason) {
        CommandException why = CommandException.of(new ConnectException(reason));
        return new CommandException(why.exitCode(), missing + " of " + all + " not connected: " + why.getMessage());
    }
}
