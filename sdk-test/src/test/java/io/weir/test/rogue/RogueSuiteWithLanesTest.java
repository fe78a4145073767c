package io.weir.test.rogue;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What rogues do on a link, done to nodes whose carriers keep no order between lanes. What cannot hold there is left out, by
 * an override that is no test; what holds in its place {@link RogueLanesTest} shows.
 */
@ExtendWith(WithLanes.class)
class RogueSuiteWithLanesTest {

    @Nested
    class Credit extends RogueCreditTest {

        /** Hears the elements before the OPEN for which it waits. */
        @Override
        void ignoresAGrantThatFalls() {}

        /** The same. */
        @Override
        void endsASessionWhosePeerOpensWithMoreThanItsHelloGives() {}

        /** The same. */
        @Override
        void sendsNoMoreThanAnOpenAllows() {}
    }

    @Nested
    class Messages extends RogueMessagesTest {

        /** The window bounds them, and not their number. */
        @Override
        void endsASessionThatBeginsEverMoreMessagesAndCompletesNone() {}

        /** A message begins with its first part. */
        @Override
        void holdsNoMoreThanItsWindowOfMessagesThatAreNeverComplete() {}
    }

    @Nested
    class Drain extends RogueDrainTest {}

    @Nested
    class Fragments extends RogueFragmentsTest {}

    @Nested
    class Streams extends RogueStreamsTest {

        /** It may have been on its way, and is dropped: {@link RogueLanesTest#absorbsDataBehindAResetHoweverMuch}. */
        @Override
        void endsASessionOnDataForAStreamThatIsOver() {}

        /** Holds, and takes ten seconds for 40,000 streams; {@link #reservesNothingForStreamsThatAPeerOpensAndResetsInALoop} does not. */
        @Override
        void keepsNothingOfStreamsThatAPeerOpensAndResetsInALoop(String name) {}
    }

    @Nested
    class Errors extends RogueErrorsTest {}

    @Nested
    class TimeLeft extends RogueTimeLeftTest {}

    @Nested
    class SessionRules extends SessionRulesTest {}

    @Nested
    class StreamRules extends StreamRulesTest {}

    @Nested
    class Frames extends RogueFramesTest {

        /** Its OPEN may still come: {@link RogueLanesTest#holdsNoMoreForStreamsNeverOpenedThanIsReservedForThem}. */
        @Override
        void endsASessionOnDataOfAHandleNeverOpened() {}
    }

    @Nested
    class Floods extends RogueFloodTest {}
}
