@NullMarked
package io.weir.test.proxy;

import org.jspecify.annotations.NullMarked;
