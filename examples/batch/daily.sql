SELECT day, count(*) AS orders
  FROM orders
 WHERE day >= current_date - 1
 GROUP BY day;
