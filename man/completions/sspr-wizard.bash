# Completion of sspr-wizard for bash. The words come from its own --help, so
# they are those of the installed version.

_sspr_wizard()
{
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	local help commands options

	# bash splits words at "=": in "--option=value" the option is further back.
	if [[ $word == "=" ]]; then
		word=
	elif [[ $before == "=" ]]; then
		before=${COMP_WORDS[COMP_CWORD - 2]}
	fi

	case $before in
	--demo)
		[[ ${COMP_LINE:0:COMP_POINT} == *--demo=* ]] && {
			COMPREPLY=($(compgen -W "contoso cloud-only rolled-out troubled
				hostile-names large" -- "$word"))
			return
		}
		;;
	--format)
		COMPREPLY=($(compgen -W "text json csv html markdown junit
			sarif openmetrics" -- "$word"))
		return
		;;
	--cloud)
		COMPREPLY=($(compgen -W "global usgov dod china" -- "$word"))
		return
		;;
	--result)
		COMPREPLY=($(compgen -W "success failure" -- "$word"))
		return
		;;
	--kind)
		COMPREPLY=($(compgen -W "reset change unlock admin-reset flow blocked registered
			policy writeback-on writeback-off other" -- "$word"))
		return
		;;
	--theme)
		COMPREPLY=($(compgen -W "dark light mono contrast" -- "$word"))
		return
		;;
	--auth)
		COMPREPLY=($(compgen -W "browser device certificate secret
			workload-identity azure-cli managed-identity" -- "$word"))
		return
		;;
	--target)
		COMPREPLY=($(compgen -W "pilot production" -- "$word"))
		return
		;;
	--state-dir)
		COMPREPLY=($(compgen -d -- "$word"))
		return
		;;
	-o | --output | --compare | --save-facts | --from-facts | --members | --plan | \
		--baseline | --ca-file | --cloud-file | \
		--demo-state | --log | --log-file)
		COMPREPLY=($(compgen -f -- "$word"))
		return
		;;
	monitor)
		[[ $word == -* ]] || {
			COMPREPLY=($(compgen -W "audit sign-ins usage readiness" -- "$word"))
			return
		}
		;;
	register)
		[[ $word == -* ]] || {
			COMPREPLY=($(compgen -W "make consent undo" -- "$word"))
			return
		}
		;;
	apply)
		[[ $word == -* ]] || {
			COMPREPLY=($(compgen -W "group enablement methods writeback admin
				registration notifications" -- "$word"))
			return
		}
		;;
	esac

	help=$("${COMP_WORDS[0]}" --help 2>/dev/null)
	if [[ $word == -* ]]; then
		options=$(grep -o -e '--[a-z][a-z-]*' <<<"$help" | sort -u)
		COMPREPLY=($(compgen -W "$options" -- "$word"))
	else
		commands=$(sed -n '/^Commands:/,/^$/s/^  \([a-z][a-z-]*\).*/\1/p' <<<"$help")
		COMPREPLY=($(compgen -W "$commands" -- "$word"))
	fi
}

complete -o default -F _sspr_wizard sspr-wizard
