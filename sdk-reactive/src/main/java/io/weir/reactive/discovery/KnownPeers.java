package io.weir.reactive.discovery;

import io.weir.core.peer.PeerAddress;
import io.weir.reactive.transport.dns.DnsAnswer;
import io.weir.reactive.transport.dns.DnsLookup;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What the last answer to each question said. Serialised by the rounds, of which one ends before the next begins. */
final class KnownPeers {

    private static final Logger LOG = LoggerFactory.getLogger(KnownPeers.class);

    /** Beyond every period. */
    private static final Duration UNLIMITED = Duration.ofDays(365);

    private final List<DnsQuestion> questions;
    private final MostPeers most;
    private final Consumer<? super Throwable> failures;
    private final Map<String, DnsAnswer<PeerAddress>> answers = new HashMap<>();
    private final Set<String> failing = new LinkedHashSet<>();
    private Duration timeToLive = UNLIMITED;

    KnownPeers(List<DnsQuestion> questions, int maxPeers, Consumer<? super Throwable> failures) {
        this.questions = questions;
        this.most = new MostPeers(maxPeers);
        this.failures = failures;
    }

    /** Asks everything once; the peers known afterwards, empty while no question has been answered. */
    Mono<Set<PeerAddress>> ask(DnsLookup lookup) {
        return Flux.fromIterable(questions)
                .flatMapSequential(question -> question.ask()
                        .apply(lookup)
                        .map(answer -> new Outcome(question, answer, null))
                        .onErrorResume(e -> Mono.just(new Outcome(question, null, e))))
                .collectList()
                .mapNotNull(this::learn);
    }

    /** For how long the answers of the last round hold; beyond every period where they say nothing of it. */
    Duration timeToLive() {
        return timeToLive;
    }

    private @Nullable Set<PeerAddress> learn(List<Outcome> round) {
        timeToLive = UNLIMITED;
        round.forEach(this::learn);
        return answers.isEmpty() ? null : peers();
    }

    private void learn(Outcome outcome) {
        String what = outcome.question().what();
        DnsAnswer<PeerAddress> answer = outcome.answer();
        if (answer == null) {
            Throwable failure = Objects.requireNonNull(outcome.failure());
            if (failing.add(what)) {
                LOG.warn("The {} could not be asked for; what is known of them stands", what, failure);
            }
            failures.accept(failure);
            return;
        }
        if (failing.remove(what)) {
            LOG.info("The {} are known again", what);
        }
        answers.put(what, answer);
        if (!answer.records().isEmpty() && answer.timeToLive().compareTo(timeToLive) < 0) {
            timeToLive = answer.timeToLive();
        }
    }

    private Set<PeerAddress> peers() {
        Set<PeerAddress> all = new LinkedHashSet<>();
        answers.values().forEach(answer -> all.addAll(answer.records()));
        return most.of(all);
    }

    /** How one question ended: an answer or a failure. */
    private record Outcome(
            DnsQuestion question,
            @Nullable DnsAnswer<PeerAddress> answer,
            @Nullable Throwable failure) {}
}
