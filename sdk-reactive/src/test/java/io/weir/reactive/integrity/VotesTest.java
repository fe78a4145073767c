package io.weir.reactive.integrity;

import static io.weir.core.integrity.Vote.AGREE;
import static io.weir.core.integrity.Vote.DISAGREE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.weir.core.integrity.Vote;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

class VotesTest {

    @Test
    void moreThanHalfOfThoseWhoVotedAreAMajority() {
        StepVerifier.create(Votes.majority(Flux.just(AGREE, DISAGREE, AGREE)))
                .expectNext(AGREE)
                .verifyComplete();
        StepVerifier.create(Votes.majority(Flux.just(DISAGREE)))
                .expectNext(DISAGREE)
                .verifyComplete();
    }

    @Test
    void noneIsNoMajority() {
        StepVerifier.create(Votes.majority(Flux.empty())).verifyComplete();
        StepVerifier.create(Votes.majority(Flux.just(AGREE, DISAGREE))).verifyComplete();
        StepVerifier.create(Votes.majority(Flux.empty(), 3)).verifyComplete();
    }

    @Test
    void halfOfAllWhoWereAskedIsNoMajority() {
        StepVerifier.create(Votes.majority(Flux.just(AGREE, AGREE), 4)).verifyComplete();
        StepVerifier.create(Votes.majority(Flux.just(AGREE, AGREE, AGREE), 4))
                .expectNext(AGREE)
                .verifyComplete();
    }

    @Test
    void waitsForNobodyOnceItIsSure() {
        TestPublisher<Vote> votes = TestPublisher.create();
        StepVerifier.create(Votes.majority(votes.flux(), 5))
                .then(() -> votes.next(DISAGREE, AGREE, DISAGREE, DISAGREE))
                .expectNext(DISAGREE)
                .verifyComplete();
        votes.assertCancelled();
    }

    @Test
    void aFailureIsToldUnlessItIsSureAlready() {
        Flux<Vote> fails = Flux.concat(Flux.just(AGREE), Flux.error(new IllegalStateException("on purpose")));

        StepVerifier.create(Votes.majority(fails)).verifyErrorMessage("on purpose");
        StepVerifier.create(Votes.majority(fails, 3)).verifyErrorMessage("on purpose");
        StepVerifier.create(Votes.majority(fails, 1)).expectNext(AGREE).verifyComplete();
    }

    @Test
    void somebodyHasToBeAsked() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Votes.majority(Flux.empty(), 0))
                .withMessage("asked is 0; legal: 1 or more");
        assertThat(AGREE.number()).isOne();
    }
}
