-- Sends the requests of a file in turn, and says what came of it as one line of JSON.
-- The file: a count; then for each request its method, its path, and lines of headers up to an
-- empty one. With ONCE, each is sent once, and then it is over.

local requests, next_one, answered = {}, 0, 0
local threads = {}

function setup(thread)
   table.insert(threads, thread)
end

function init(arguments)
   once = arguments[2] == "once"
   refused = 0
   local file = assert(io.open(arguments[1]))
   file:read("*l")
   while true do
      local method = file:read("*l")
      if not method then break end
      local path = file:read("*l")
      local headers = {}
      for line in file:lines() do
         if line == "" then break end
         local name, value = line:match("^([^:]+): (.*)$")
         headers[name] = value
      end
      table.insert(requests, wrk.format(method, path, headers))
   end
   file:close()
end

function request()
   next_one = next_one % #requests + 1
   return requests[next_one]
end

function response(status)
   if status >= 300 then refused = refused + 1 end
   answered = answered + 1
   if once and answered >= #requests then wrk.thread:stop() end
end

function done(summary, latency)
   local refused = 0
   for _, thread in ipairs(threads) do refused = refused + thread:get("refused") end
   local errors = summary.errors
   io.write(string.format(
      '{"requests": %d, "seconds": %f, "refused": %d, "broken": %d, "p50": %f, "p99": %f}\n',
      summary.requests, summary.duration / 1e6, refused,
      errors.connect + errors.read + errors.write + errors.timeout,
      latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
