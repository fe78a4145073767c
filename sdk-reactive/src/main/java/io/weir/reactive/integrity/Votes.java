package io.weir.reactive.integrity;

import io.weir.core.integrity.Vote;
import java.util.stream.Collectors;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What many votes come to. A vote that fails ends the count; whoever wants to go on without it resumes it as empty before. */
public final class Votes {

    private Votes() {}

    /** What more than half of those who have voted say, once all have; empty if none has, or as many say the one as the other. */
    public static Mono<Vote> majority(Flux<Vote> votes) {
        return votes.collect(Collectors.summingInt(vote -> vote == Vote.AGREE ? 1 : -1))
                .filter(sum -> sum != 0)
                .map(sum -> sum > 0 ? Vote.AGREE : Vote.DISAGREE);
    }

    /**
     * What more than half of all who were asked say, as soon as that is sure; empty if neither has so many. Whoever says nothing is
     * nobody's: half a network that is cut off has no majority.
     *
     * @param asked how many there are to vote, 1 or more
     */
    public static Mono<Vote> majority(Flux<Vote> votes, int asked) {
        if (asked < 1) {
            throw new IllegalArgumentException("asked is " + asked + "; legal: 1 or more");
        }
        int needed = asked / 2 + 1;
        return votes.scan(new Tally(0, 0), Tally::with)
                .filter(tally -> Math.max(tally.agree, tally.disagree) >= needed)
                .next()
                .map(tally -> tally.agree > tally.disagree ? Vote.AGREE : Vote.DISAGREE);
    }

    private record Tally(int agree, int disagree) {
        Tally with(Vote vote) {
            return vote == Vote.AGREE ? new Tally(agree + 1, disagree) : new Tally(agree, disagree + 1);
        }
    }
}
