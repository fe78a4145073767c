package io.weir.test;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * JUnit 5 and newer: gives tests their {@link TestNodes}, closes them when the test is over, and fails the test if they leave
 * anything behind: nodes on their network that were not closed, sessions, links, timers, memory promised to peers or held for
 * sending, events without their other half ({@link TestNodes#leaks}). Buffers cannot leak: there are none to release.
 *
 * <pre>{@code
 * @ExtendWith(WeirNodes.class)
 * class ShopTest {
 *     @Test
 *     void tellsThePrice(TestNodesSpec spec) {
 *         TestNodes nodes = spec.node("client").node("shop", Shop::declare).start();
 *         ...
 *     }
 * }
 * }</pre>
 *
 * <p>What may be asked for, by methods and constructors of the test class:
 *
 * <ul>
 *   <li>{@link TestNodesSpec}: one without nodes; whatever is started from it, and from copies of it, is looked after. Each
 *       parameter is a new one
 *   <li>{@link TestNodes}: nodes that run; all parameters of a test, its constructor's and {@code @BeforeEach}'s too, are the
 *       same. They are {@link TestNodes#pair()}, or what {@link #of} says
 * </ul>
 *
 * <p>They live for the test; those that a {@code @BeforeAll} method, or the constructor of a class whose instance lives for all
 * its tests, has asked for live for the class, and all its tests share them. A test that has failed already is not searched for
 * leaks; nor are nodes that it closed by itself.
 *
 * <p>Needs {@code org.junit.jupiter:junit-jupiter-api} on the class path, which this module does not bring along.
 */
public final class WeirNodes implements ParameterResolver, AfterEachCallback, AfterAllCallback {

    private static final Namespace NAMESPACE = Namespace.create(WeirNodes.class);

    private final TestNodesSpec nodes;

    /** Whose {@link TestNodes} are a pair with nothing declared: for {@code @ExtendWith}. */
    public WeirNodes() {
        this(TestNodes.spec().node("a").node("b"));
    }

    private WeirNodes(TestNodesSpec nodes) {
        this.nodes = nodes;
    }

    /**
     * Whose {@link TestNodes} are started from this, for each test anew.
     *
     * <pre>{@code
     * @RegisterExtension
     * static final WeirNodes NODES = WeirNodes.of(TestNodes.spec().node("client").node("shop", Shop::declare));
     * }</pre>
     */
    public static WeirNodes of(TestNodesSpec nodes) {
        return new WeirNodes(Objects.requireNonNull(nodes, "nodes"));
    }

    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext rootContext) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == TestNodes.class || type == TestNodesSpec.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Started started = context.getStore(NAMESPACE).getOrComputeIfAbsent(this, key -> new Started(), Started.class);
        return parameter.getParameter().getType() == TestNodes.class
                ? started.shared(nodes)
                : TestNodes.spec().tellingStarts(started::add);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        end(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        end(context);
    }

    /** Ends what was started for this context, not what is its parents'. */
    private void end(ExtensionContext context) {
        Started started = context.getStore(NAMESPACE).remove(this, Started.class);
        if (started != null) {
            started.end(context.getExecutionException().isEmpty());
        }
    }

    /** The nodes of one test, or of one class. */
    private static final class Started {
        private final List<TestNodes> all = new ArrayList<>();
        private @Nullable TestNodes shared;

        void add(TestNodes nodes) {
            all.add(nodes);
        }

        TestNodes shared(TestNodesSpec spec) {
            if (shared == null) {
                shared = spec.tellingStarts(this::add).start();
            }
            return shared;
        }

        void end(boolean searched) {
            List<String> leaks = new ArrayList<>();
            for (TestNodes nodes : all) {
                if (searched && !nodes.isClosed()) {
                    nodes.leaks().forEach(leak -> leaks.add(leak + "; " + nodes));
                }
                nodes.close();
            }
            if (!leaks.isEmpty()) {
                throw new AssertionError(
                        "the nodes of the test have left something behind: " + String.join("\n", leaks));
            }
        }
    }
}
