/** Services: who their peers are, by Spring Cloud's discovery or beans, and calls that are spread over them. */
@NullMarked
package io.weir.spring.discovery;

import org.jspecify.annotations.NullMarked;
