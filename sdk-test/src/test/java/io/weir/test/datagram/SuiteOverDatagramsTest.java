package io.weir.test.datagram;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.ClassNameFilter.includeClassNamePatterns;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import io.weir.reactive.session.NodePair;
import io.weir.test.LaunchedTests;
import io.weir.test.LaunchedTests.Ended;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;

/**
 * Runs the tests of sessions in {@code sdk-reactive}, which were written of two nodes with links between them, again with datagrams
 * between the two: what users may rely on is the same. What is left out is so for a reason.
 */
@Tag("once")
final class SuiteOverDatagramsTest {

    private static final String SESSIONS = "io.weir.reactive.session";

    private static final String OWN_LINKS = "has links of its own, no pair";
    private static final String MEASURES_LINKS = "measures what links take; PacketMemoryTest does that of packets";
    private static final String LONG = "takes 15 s for what is the same whatever carries it";
    private static final String RESETS = "nobody but its ends can end a session over datagrams";
    private static final String TIMES = "times to the millisecond, where an acknowledgement takes some";
    private static final String COUNTS = "counts records; packets there are also of acknowledgements and padding alone";
    private static final String AT_ONCE =
            "at one moment a stream's credit comes back once for each congestion window, which is large where nothing takes time";
    private static final String QUEUED = "what waits in the bottleneck comes though the peer has fallen silent";
    private static final String REFUSALS = "whoever dials a name where nobody listens is told so by nobody";

    /** Class, or class and method, and why it is of links alone. */
    private static final Map<String, String> LEFT_OUT = Map.ofEntries(
            entry("CrowdTest", OWN_LINKS),
            entry("FaultsAroundTest#anOutOfMemoryErrorOverTcpReachesThePeerAsInternalAndLeavesTheLoopAlive", OWN_LINKS),
            entry("LingerTest", OWN_LINKS),
            entry("LostSessionFramesTest", OWN_LINKS),
            entry("stream.OfferCreditTest", OWN_LINKS),
            entry("RequestClockTest", OWN_LINKS),
            entry("RoundTripsTest", OWN_LINKS),
            entry("stream.SendableThreadsTest", OWN_LINKS),
            entry("SessionPauseTest", OWN_LINKS),
            entry("StreamContractTest", OWN_LINKS),
            entry("MemoryBoundTest", MEASURES_LINKS),
            entry("MessageLoadTest#aHundredThousandRequestsThatNobodyAnswersStayWithinTheLimits", LONG),
            entry("SessionDrainTest#aDrainOfALostSessionFails", RESETS),
            entry("SessionDrainTest#tellsWhoDrainsASessionThatHasEnded", RESETS),
            entry("StreamApiTest#lossOfTheSessionDeliversWhatIsQueuedAndThenFailsRetryably", RESETS),
            entry("StreamDrainTest#failsWhenTheSessionIsLostFirst", RESETS),
            entry("StreamErrorOrderTest#whatIsQueuedWhenTheSessionIsLostIsFollowedByTheErrorThatHadCome", RESETS),
            entry("SubscribeTest#aLostSessionDeliversWhatIsQueuedThenFails", RESETS),
            entry("FlightRecordingTest#recordsAStallThatIsLongerThanTheThreshold", TIMES),
            entry("IdleTimeoutTest#aStreamThatIsOpenIsAUseThoughNothingIsSent", TIMES),
            entry("IdleTimeoutTest#eachUseBeginsTheTimeAnew", TIMES),
            entry("IdleTimeoutTest#endsASessionThatNobodyUsesAtBothEnds", TIMES),
            entry("NodeObserverTest#hearsEachStateOfAHalfAndTheyAddUpToWhatItsStatsTell", TIMES),
            entry("NodeObserverTest#hearsHowLongTheHandlerOfARequestTook", TIMES),
            entry("NodeObserverTest#tellsTheTimeThatARequestWaitedForAThreadFromThatOfItsHandler", TIMES),
            entry("NodeStatsTest#everyRequestRunsOrHasOneOutcome", TIMES),
            entry("NodeStatsTest#takesASampleForEachThatIsAskedForAndNoneEarlierThanTheInterval", TIMES),
            entry("RequestTimeLeftTest#theHandlerSeesHowLongTheRequesterStillWaits", TIMES),
            entry("SendTimesTest", TIMES),
            entry("StreamDrainTest#resetsAtTheDrainTimeOut", TIMES),
            entry("StreamErrorOrderTest#aPeerThatDoesNotConsumeIsResetAtTheDrainTimeOut", TIMES),
            entry("StreamErrorOrderTest#sendFailsAtOnceAndTheHalfDrainsByItself", TIMES),
            entry("StreamViewTest#sendingAndReceivingAreActivityAndWaitingIsNot", TIMES),
            entry("NodeObserverTest#hearsEveryRecordAtBothEnds", COUNTS),
            entry("NodeStatsTest#countsAtOneEndWhatTheOtherHasSent", COUNTS),
            entry("SessionRoundTripTest#aThousandPingsAtOnceAreOneOnTheWire", COUNTS),
            entry("SessionRoundTripTest#anIdleLinkIsMeasuredByItsBeats", COUNTS),
            entry("SessionRoundTripTest#pingIsCold", COUNTS),
            entry("MessageLoadTest#messagesAndABulkStreamEachHaveHalfOfTheLink", AT_ONCE),
            entry("SessionLivenessTest#aPeerThatFallsSilentInTheMiddleOfBulkIsLost", QUEUED),
            entry("FlightRecordingTest#recordsHowLongAPeerWasGone", REFUSALS),
            entry("NodeObserverTest#hearsWhyTheyFailed", REFUSALS));

    /** Nothing in the list is of another time. */
    @Test
    void whatIsLeftOutIsThere() {
        assertThat(found()).containsAll(LEFT_OUT.keySet());
    }

    @TestFactory
    Stream<DynamicTest> sessions() {
        return classes().stream().map(name -> DynamicTest.dynamicTest(name, () -> run(name)));
    }

    private static void run(String name) {
        int[] networks = new int[1];
        List<Ended> ended = new ArrayList<>();
        NodePair.over(
                time -> {
                    networks[0]++;
                    return new DatagramPairNetwork(time);
                },
                () -> ended.addAll(LaunchedTests.run(LauncherDiscoveryRequestBuilder.request()
                        .selectors(selectClass(SESSIONS + "." + name))
                        .filters((PostDiscoveryFilter) SuiteOverDatagramsTest::leftOut))));

        assertThat(ended).filteredOn(test -> test.failure() != null).isEmpty();
        assertThat(ended).isNotEmpty();
        assertThat(networks[0])
                .as("pairs over datagrams; a class that makes none is to be left out")
                .isPositive();
    }

    private static List<String> classes() {
        return found().stream()
                .filter(name -> !name.contains("#") && !LEFT_OUT.containsKey(name))
                .toList();
    }

    /** Classes, and their methods behind them. */
    private static Set<String> found() {
        Set<String> names = new TreeSet<>();
        TestPlan plan = LaunchedTests.find(LauncherDiscoveryRequestBuilder.request()
                .selectors(selectPackage(SESSIONS))
                .filters(includeClassNamePatterns("\\Q" + SESSIONS + ".\\E(stream\\.)?\\w+Test")));
        for (TestIdentifier engine : plan.getRoots()) {
            for (TestIdentifier id : plan.getDescendants(engine)) {
                String name = name(LaunchedTests.className(id));
                names.add(name);
                names.add(name + "#" + LaunchedTests.methodName(id));
            }
        }
        return names;
    }

    /** Within the package of sessions; of a nested class that of the one around it. */
    private static String name(String className) {
        return className.substring(SESSIONS.length() + 1).replaceFirst("\\$.*", "");
    }

    private static FilterResult leftOut(TestDescriptor test) {
        String reason = test.getSource()
                .filter(MethodSource.class::isInstance)
                .map(MethodSource.class::cast)
                .map(method -> name(method.getClassName()) + "#" + method.getMethodName())
                .map(LEFT_OUT::get)
                .orElse(null);
        return FilterResult.includedIf(reason == null, () -> "", () -> reason);
    }
}
