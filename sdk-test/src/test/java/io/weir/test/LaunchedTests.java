package io.weir.test;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs tests from within a test, and says how they ended. */
public final class LaunchedTests {

    private LaunchedTests() {}

    /**
     * How a test has ended, or a class that failed as such.
     *
     * @param className of what is neither class nor method, as the engine, its name
     * @param methodName empty for a class
     */
    public record Ended(
            String className,
            String methodName,
            boolean isTest,
            @Nullable Throwable failure) {

        @Override
        public String toString() {
            return className + "#" + methodName + ": " + failure;
        }
    }

    /** What a request finds. */
    public static TestPlan find(LauncherDiscoveryRequestBuilder request) {
        return launcher().discover(built(request));
    }

    /** Runs what a request finds; in order. */
    public static List<Ended> run(LauncherDiscoveryRequestBuilder request) {
        List<Ended> ended = new ArrayList<>();
        launcher().execute(built(request), new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier id, TestExecutionResult result) {
                Throwable failure = result.getThrowable().orElse(null);
                if (id.isTest() || failure != null) {
                    ended.add(new Ended(className(id), methodName(id), id.isTest(), failure));
                }
            }
        });
        return ended;
    }

    /** Of what is neither class nor method, as the engine, its name. */
    public static String className(TestIdentifier id) {
        return id.getSource()
                .map(source -> source instanceof MethodSource method
                        ? method.getClassName()
                        : source instanceof ClassSource type ? type.getClassName() : null)
                .orElseGet(id::getDisplayName);
    }

    /** Empty if it is no method. */
    public static String methodName(TestIdentifier id) {
        return id.getSource()
                .map(source -> source instanceof MethodSource method ? method.getMethodName() : "")
                .orElse("");
    }

    /** Hears of nothing that the launcher hears which runs this test. */
    private static Launcher launcher() {
        return LauncherFactory.create(LauncherConfig.builder()
                .enableTestExecutionListenerAutoRegistration(false)
                .enableLauncherSessionListenerAutoRegistration(false)
                .build());
    }

    private static LauncherDiscoveryRequest built(LauncherDiscoveryRequestBuilder request) {
        return request.configurationParameter("junit.jupiter.extensions.autodetection.enabled", "false")
                .build();
    }
}
