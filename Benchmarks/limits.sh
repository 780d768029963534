#!/bin/sh
# What each command does where memory or threads are limited, as a table: 'ok', or the exit code and the seconds; the
# sentences follow. Usage: Benchmarks/limits.sh BBBPRUNE [FOLDER with MNIST's files]
tool=$(realpath "$1")
data=${2:-$BBBPRUNE_DATA}
fixtures=$(realpath "$(dirname "$0")/../fixtures")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 777 "$folder"
cd "$folder" || exit 1
# Copies, which whoever runs the commands may read.
cp "$tool" bbbprune && cp "$fixtures/mnist.safetensors" "$data"/mnist/t10k-* . || exit 1
tool=$folder/bbbprune
model=mnist.safetensors
"$tool" export "$model" --sparsity 0.95 -o m.bbbz > /dev/null || exit 1
python3 -c "import numpy; numpy.save('x.npy', numpy.zeros((10, 784), 'u1'))"
chmod a+r ./*

run() {
  start=$(date +%s.%N)
  timeout -s KILL 10 sh -c "$1 \"\$0\" $2" "$tool" > out.txt 2> errors.txt
  code=$?
  seconds=$(echo "$(date +%s.%N) - $start" | bc)
  [ $code = 0 ] && result=ok || result="exit $code"
  printf '| %s in %.1f s ' "$result" "$seconds"
  [ $code = 0 ] || echo "$1, $2: $(grep -c . errors.txt) line(s): $(head -1 errors.txt)" >> sentences.txt
  rm -rf new.bbbz new.safetensors regression
}

nobody=""
[ "$(id -u)" = 0 ] && nobody="setpriv --reuid=65534 --regid=65534 --clear-groups"
echo '| command | 60 MB | 100 MB | 130 MB | 150 MB | 200 MB | 400 MB | 2 threads | 3 threads |'
echo '|---|---|---|---|---|---|---|---|---|'
while read -r command; do
  printf '| %s ' "${command%% -*}"
  for limit in 60000 100000 130000 150000 200000 400000; do run "ulimit -v $limit; exec" "$command"; done
  for count in 2 3; do run "exec $nobody prlimit --nproc=$count" "$command"; done
  echo '|'
done << COMMANDS
inspect m.bbbz
inspect $model
sweep $model --dataset mnist --data . --sparsity 0.95
export $model --sparsity 0.95 -o new.bbbz
evaluate m.bbbz --dataset mnist --data .
predict m.bbbz --input x.npy
train --dataset synthetic-digits --hidden 10 --epochs 1 -o new.safetensors
experiment regression --epochs 10 -o regression
data mnist --data nowhere --mirror http://127.0.0.1:9/
COMMANDS
[ -e sentences.txt ] && echo && cat sentences.txt
