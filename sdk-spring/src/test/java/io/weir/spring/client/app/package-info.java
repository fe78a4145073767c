@NullMarked
package io.weir.spring.client.app;

import org.jspecify.annotations.NullMarked;
