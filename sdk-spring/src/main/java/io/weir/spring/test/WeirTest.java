package io.weir.spring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.autoconfigure.OverrideAutoConfiguration;
import org.springframework.boot.test.context.filter.annotation.TypeExcludeFilters;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.core.annotation.AliasFor;
import org.springframework.test.context.BootstrapWith;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * A test of the application's handlers and clients, and of nothing else: its node, called {@code application}, and
 * another one, {@code peer}, connected in the test's own thread and in virtual time
 * ({@link io.weir.test.TestNodes}).
 *
 * <pre>{@code
 * @WeirTest
 * class PricesTest {
 *     @Autowired
 *     TestNodes nodes;
 *
 *     @Test
 *     void tellsThePrice() {
 *         PeerSession session = nodes.session("peer", "application");
 *         StepVerifier.create(session.request("price", "ACME", Codec.utf8(), Codec.json(Price.class)))
 *                 .expectNext(new Price("ACME", 42))
 *                 .verifyComplete();
 *     }
 * }
 * }</pre>
 *
 * <p>Of the application's components there are those with handlers, the {@link io.weir.spring.PeerNodeCustomizer}s and the clients; what
 * these need is for the test to give, by {@code @MockitoBean} or {@code @Import}. Every client asks the node {@code peer}, which answers
 * what a {@link TestPeer} of the test declares. Handlers that may block run in the test's thread. Needs {@code weir-test} and
 * {@code spring-boot-starter-test} in the scope of tests.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@BootstrapWith(WeirTestContextBootstrapper.class)
@ExtendWith(SpringExtension.class)
@OverrideAutoConfiguration(enabled = false)
@TypeExcludeFilters(WeirTypeExcludeFilter.class)
@ImportAutoConfiguration
public @interface WeirTest {

    /** Properties, as {@code key=value}, for the test. */
    String[] properties() default {};

    /** Whether only the components named above are taken. */
    boolean useDefaultFilters() default true;

    /** Further components to take. */
    Filter[] includeFilters() default {};

    /** Components to leave out. */
    Filter[] excludeFilters() default {};

    /** Auto-configurations to leave out. */
    @AliasFor(annotation = ImportAutoConfiguration.class, attribute = "exclude")
    Class<?>[] excludeAutoConfiguration() default {};
}
