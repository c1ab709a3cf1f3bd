-- What wrk sends to the path of its address, and the line that benchmarks/load.py reads when all is done.
-- Arguments: a file with what follows that path, a line each, percent-encoded; and, to send more than the first, a file
-- that says which in which order, a number a line.

local function lines(name)
  local all = {}
  for line in io.lines(name) do table.insert(all, line) end
  return all
end

function init(args)
  local requests, order, turn = lines(args[1]), {}, 0
  for number, ending in ipairs(requests) do requests[number] = wrk.path .. ending end
  if not args[2] then
    wrk.path = requests[1]
    return
  end
  for number, path in ipairs(requests) do requests[number] = wrk.format("GET", path) end
  for place, number in ipairs(lines(args[2])) do order[place] = tonumber(number) end
  function request()
    turn = turn % #order + 1
    return requests[order[turn]]
  end
end

-- Times are in microseconds. wrk counts a status of 400 or above as an error of status.
function done(summary, latency)
  local errors = summary.errors
  local broken = errors.connect + errors.read + errors.write + errors.timeout
  local figures = { summary.requests, summary.duration, latency:percentile(50), latency:percentile(99) }
  print("done " .. table.concat(figures, " ") .. " " .. errors.status .. " " .. broken)
end
