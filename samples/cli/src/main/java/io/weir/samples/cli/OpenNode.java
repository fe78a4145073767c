package io.weir.samples.cli;

import io.weir.core.error.ConnectException;
import io.weir.core.error.ListenException;
import io.weir.core.peer.PeerAddress;
import io.weir.reactive.PeerNode;
import io.weir.reactive.PeerNodeSpec;
import io.weir.reactive.PeerSession;
import io.weir.reactive.PeerStream;
import io.weir.samples.cli.ticket.Destination;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Exceptions;
import reactor.core.publisher.Mono;

/**
 * The node of one command, closed with it: on return, on failure, and when the user breaks off. The only place where the
 * tool waits.
 */
final class OpenNode implements AutoCloseable {

    private static final Duration START_TIMEOUT = Duration.ofSeconds(30);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);
    /** As RFC 8305 has it for the addresses of a name. */
    private static final Duration NEXT_ADDRESS = Duration.ofMillis(250);

    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(3);

    private final PeerNode node;
    private final Function<PeerNode, Mono<Void>> ending;
    private final Disposable onInterrupt;

    private OpenNode(PeerNode node, Function<PeerNode, Mono<Void>> ending, Disposable onInterrupt) {
        this.node = node;
        this.ending = ending;
        this.onInterrupt = onInterrupt;
    }

    /** Starts a node that dials. */
    static OpenNode startNow(PeerNodeSpec spec, Console console, boolean verbose) {
        return startNow(spec, console, verbose, () -> {});
    }

    /**
     * Starts a node.
     *
     * @param lastly runs after the node was closed because the user broke off
     */
    static OpenNode startNow(PeerNodeSpec spec, Console console, boolean verbose, Runnable lastly) {
        return startNow(spec, console, verbose, PeerNode::close, lastly);
    }

    /** Starts a node that lets its peers end first what they have begun, for a moment, when it is closed. */
    static OpenNode startDrainingNow(PeerNodeSpec spec, Console console, boolean verbose) {
        return startNow(spec, console, verbose, node -> node.shutdown(DRAIN_TIMEOUT), () -> {});
    }

    private static OpenNode startNow(
            PeerNodeSpec spec,
            Console console,
            boolean verbose,
            Function<PeerNode, Mono<Void>> ending,
            Runnable lastly) {
        PeerNode node;
        try {
            node = spec.startNow(START_TIMEOUT);
        } catch (ListenException e) {
            CommandException why = CommandException.of(e);
            throw new CommandException(why.exitCode(), "cannot listen: " + why.getMessage(), e);
        }
        if (verbose) {
            console.note("[records are sealed by " + node.cipherProvider() + "]");
            node.events().subscribe(event -> console.note("[" + event + "]"));
        }
        // Streams that this command does not take would wait for somebody to claim them: rather end them at once.
        node.sessions().flatMap(PeerSession::streams).subscribe(PeerStream::dispose);
        return new OpenNode(node, ending, console.onInterrupt(() -> {
            await(ending.apply(node));
            lastly.run();
        }));
    }

    PeerNode node() {
        return node;
    }

    /** The address that a listening node has, with its real port and its id. */
    PeerAddress address() {
        return node.addresses().get(0);
    }

    /**
     * Connects.
     *
     * @throws CommandException saying to whom in vain, and why
     */
    PeerSession connectNow(PeerAddress address) {
        try {
            return node.connectNow(address, CONNECT_TIMEOUT);
        } catch (ConnectException e) {
            CommandException why = CommandException.of(e);
            throw new CommandException(
                    why.exitCode(), "cannot connect to " + address.expecting(null) + ": " + why.getMessage(), e);
        }
    }

    /**
     * Connects to a peer at whichever of its addresses answers first; each is tried a moment after the one before.
     *
     * @throws CommandException saying where in vain, and why: an end that is not trusted before one that cannot be reached
     */
    PeerSession connectNow(Destination destination) {
        List<PeerAddress> addresses = destination.addresses();
        if (addresses.size() == 1) {
            return connectNow(addresses.get(0));
        }
        try {
            return Objects.requireNonNull(
                    firstOf(destination, node::connect).timeout(CONNECT_TIMEOUT).block());
        } catch (NoSuchElementException e) {
            CommandException why = worstOf(e);
            throw new CommandException(why.exitCode(), "cannot connect to " + destination + ": " + why.getMessage(), e);
        }
    }

    /**
     * What a peer answers at whichever of its addresses answers first; each is tried a moment after the one before.
     *
     * @return fails as {@link #worstOf} understands it
     */
    static <T> Mono<T> firstOf(Destination destination, Function<PeerAddress, Mono<T>> attempt) {
        List<PeerAddress> addresses = destination.addresses();
        if (addresses.size() == 1) {
            return attempt.apply(addresses.get(0));
        }
        return Mono.firstWithValue(IntStream.range(0, addresses.size())
                .mapToObj(i -> attempt.apply(addresses.get(i)).delaySubscription(NEXT_ADDRESS.multipliedBy(i)))
                .toList());
    }

    /** Why no attempt succeeded: an end that is not trusted before one that cannot be reached. */
    static CommandException worstOf(Throwable failure) {
        return failure instanceof NoSuchElementException && failure.getCause() != null
                ? Exceptions.unwrapMultiple(failure.getCause()).stream()
                        .map(CommandException::of)
                        .max(Comparator.comparingInt(CommandException::exitCode))
                        .orElseThrow()
                : CommandException.of(failure);
    }

    /** Waits for the result, for as long as it takes. */
    <T> @Nullable T waitNow(Mono<T> result) {
        return result.block();
    }

    @Override
    public void close() {
        onInterrupt.dispose();
        await(ending.apply(node));
    }

    private static void await(Mono<Void> end) {
        end.timeout(CLOSE_TIMEOUT).onErrorComplete().block();
    }
}
