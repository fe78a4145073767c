package io.weir.reactive.transport.quic;

import io.weir.reactive.transport.LinkTestKit;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/** How many objects of a class there are in this process that something can still reach. */
final class Instances {

    private static final String[] TELLS = {String[].class.getName()};

    private Instances() {}

    /** After a collection of all garbage. */
    static long of(String className) {
        try {
            Object histogram = ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "gcClassHistogram",
                            new Object[] {new String[0]},
                            TELLS);
            Matcher row = Pattern.compile(":\\s+(\\d+)\\s+\\d+\\s+" + Pattern.quote(className) + "\\s")
                    .matcher(String.valueOf(histogram));
            return row.find() ? Long.parseLong(row.group(1)) : 0;
        } catch (JMException e) {
            throw new AssertionError("this JVM tells no histogram", e);
        }
    }

    /** Waits until there are no more of them than so many. */
    static void awaitNoMoreThan(long most, String className, Duration patience) {
        LinkTestKit.awaitTrue("at most " + most + " of " + className, () -> of(className) <= most, patience);
    }
}
